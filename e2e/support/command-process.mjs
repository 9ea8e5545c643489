// Runs operator commands that arrive as messages, until its parent ends.
const { COMMANDS } = await import(new URL("../../dist/commands.js", import.meta.url).href);

process.on("disconnect", () => process.exit(0));
process.on("message", ({ id, words }) => {
  run(words).then(
    (data) => process.send({ id, data }),
    (error) => process.send({ id, error: error.message }),
  );
});

/** `account create --email E`: the command's words, then options with a value each, as the next word or after `=`. */
async function run(words) {
  const firstOption = words.findIndex((word) => word.startsWith("--"));
  const name = words.slice(0, firstOption < 0 ? words.length : firstOption).join(" ");
  const options = {};
  const pairs = words
    .slice(name.split(" ").length)
    .flatMap((word) => (/^--\w+=/.test(word) ? word.split(/=(.*)/s, 2) : [word]));
  for (let i = 0; i < pairs.length; i += 2) options[pairs[i].slice(2)] = pairs[i + 1];
  const command = COMMANDS[name];
  if (!command) throw new Error(`There is no command "${name}".`);
  return (await command(options)).data;
}
