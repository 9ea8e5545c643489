// Runs operator commands that arrive as messages, until its parent ends.
const { COMMANDS } = await import(new URL("../../dist/commands.js", import.meta.url).href);

process.on("disconnect", () => process.exit(0));
process.on("message", ({ id, words }) => {
  run(words).then(
    (data) => process.send({ id, data }),
    (error) => process.send({ id, error: error.message }),
  );
});

/** `account create --email E`: the command's words, then options with a value each. */
async function run(words) {
  const firstOption = words.findIndex((word) => word.startsWith("--"));
  const name = words.slice(0, firstOption < 0 ? words.length : firstOption).join(" ");
  const options = {};
  for (let i = name.split(" ").length; i < words.length; i += 2)
    options[words[i].slice(2)] = words[i + 1];
  const command = COMMANDS[name];
  if (!command) throw new Error(`There is no command "${name}".`);
  return (await command(options)).data;
}
