// Bottender's own server (what `bottender start` runs), on the loopback address only.
const { initializeServer } = require('bottender');

const server = initializeServer();
server.listen(Number(process.env.PORT), '127.0.0.1');
