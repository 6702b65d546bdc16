// The smallest conversation that keeps something: it counts a person's messages.
module.exports = async function App(context) {
  const count = (context.state.count || 0) + 1;
  context.setState({ count });
  await context.sendText(`${count}: ${context.event.text}`);
};
