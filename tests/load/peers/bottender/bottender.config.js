// The peer's settings: its LINE channel with the bench's API as origin; sessions in memory or files.
module.exports = {
  session: {
    driver: process.env.SESSION,
    stores: { file: { dirname: process.env.SESSION_DIR } },
  },
  channels: {
    line: {
      enabled: true,
      path: '/callback',
      accessToken: process.env.LINE_CHANNEL_ACCESS_TOKEN,
      channelSecret: process.env.LINE_CHANNEL_SECRETS,
      origin: process.env.LINE_API_BASE,
    },
  },
};
