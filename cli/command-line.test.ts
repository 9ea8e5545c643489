import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readCommandLine, USAGE } from "./command-line";
import { COMMANDS } from "./commands";

const root = fileURLToPath(new URL("..", import.meta.url));
const names = Object.keys(COMMANDS);
const read = (line: string) => readCommandLine(line.split(" ").filter(Boolean), names);

test("a command has its words, its options and at most a file", () => {
  expect(read("credits grant --email a@b.c --amount 2 --json")).toEqual({
    kind: "command",
    name: "credits grant",
    options: { email: "a@b.c", amount: "2" },
    isJson: true,
  });
  expect(read("catalog diff new.json")).toMatchObject({
    name: "catalog diff",
    options: { file: "new.json" },
    isJson: false,
  });
  expect(read("export --file all.jsonl --resume")).toMatchObject({
    name: "export",
    options: { file: "all.jsonl", resume: "true" },
  });
});

test.each(["help", "--help", "-h", "account create --help"])("%s asks for the list", (line) => {
  expect(read(line)).toEqual({ kind: "help" });
});

test.each([
  ["nonsense", 'There is no command "nonsense".'],
  ["account", 'There is no command "account".'],
  ["account make", 'There is no command "account make".'],
  ["audit books", '"audit" has no argument "books".'],
  ["catalog apply a.json b.json", '"catalog apply" has no argument "b.json".'],
])("%s states its mistake and where the list is", (line, problem) => {
  expect(read(line)).toEqual({
    kind: "mistake",
    message: `${problem} For all commands: npm run -s onekey -- help\n`,
  });
});

test("no command at all prints the list as a mistake", () => {
  expect(read("")).toEqual({ kind: "mistake", message: USAGE });
});

test("an option that no command has is a TypeError", () => {
  expect(() => read("audit --all")).toThrow(TypeError);
});

test("the list and the README name every command", () => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const isIn = (text: string, name: string) => new RegExp(`(^  |\`)${name}\\b`, "m").test(text);
  expect(names.filter((name) => !isIn(USAGE, name))).toEqual([]);
  expect(names.filter((name) => !isIn(readme, name))).toEqual([]);
});
