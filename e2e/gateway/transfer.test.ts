import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorOf } from "../support/cli";
import { freePort, launch, waitForHealth } from "../support/processes";
import { chat, deployment, embeddedSettings } from "../support/shared-deployment";

let place: string;
const dirOf = (name: string) => path.join(place, name);

/** With `npm run test:mongodb` the database moves from an embedded one to that server, and back. */
const { ONEKEY_SANDBOX_MONGODB_URI: serverUri } = deployment.environment;
const settingsOf = (name: string): Record<string, string> => {
  if (!serverUri || name !== "new") return embeddedSettings(dirOf(name));
  const uri = new URL(serverUri);
  uri.pathname = `/${path.basename(place)}`;
  return { ...embeddedSettings(dirOf(name)), ONEKEY_SANDBOX_MONGODB_URI: uri.href };
};

/** An operator's command on a data directory; its JSON, or what it printed when it failed. */
async function command(
  dir: string,
  ...words: string[]
): Promise<{ json?: Record<string, unknown>; error: string }> {
  return operatorOf(settingsOf(dir))
    .onekey(...words)
    .then(
      (json) => ({ json, error: "" }),
      (error: Error) => ({ error: error.message }),
    );
}

async function server(dir: string) {
  const port = await freePort();
  const environment = { ...settingsOf(dir), PORT: String(port) };
  const process = await launch({ script: "dist/server.js", environment, hasPages: false });
  await waitForHealth(`http://127.0.0.1:${port}`);
  return { origin: `http://127.0.0.1:${port}`, stop: () => process.stop() };
}

async function copySecrets(to: string): Promise<void> {
  await mkdir(path.join(dirOf(to), "sandbox"), { recursive: true });
  await copyFile(
    path.join(dirOf("old"), "sandbox/secrets.json"),
    path.join(dirOf(to), "sandbox/secrets.json"),
  );
}

const ask = { model: "gpt-6-luna", messages: [{ role: "user", content: "Hello" }] };
let key: string;
const file = () => path.join(place, "onekey.jsonl");

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "onekey-move-"));
  const account = await command(
    "old",
    "account",
    "create",
    "--email",
    "mover@example.com",
    "--credits",
    "5",
  );
  key = String(account.json?.key);
  const old = await server("old");
  for (let i = 0; i < 3; i++) expect((await chat(old.origin, key, ask)).status).toBe(200);
  expect((await command("old", "export", "--file", file())).error).toMatch(
    /1 server processes use this database/,
  );
  await old.stop();
});

afterAll(() => rm(place, { recursive: true, force: true }));

test("a database moves completely: keys work, rows are there, the books balance", async () => {
  const out = await command("old", "export", "--file", file());
  expect(out.error).toBe("");
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(await readFile(file(), "utf8")).not.toContain(key);

  await copySecrets("new");
  const into = await command("new", "import", "--file", file());
  expect(into).toEqual({ json: { documents: out.json?.documents, accounts: 1 }, error: "" });
  const pages = [
    await command("old", "account", "show", "--email", "mover@example.com"),
    await command("new", "account", "show", "--email", "mover@example.com"),
  ];
  expect(pages[1]).toEqual(pages[0]);
  expect(pages[1]?.json?.usage).toMatchObject({ rows: 3 });

  const newServer = await server("new");
  expect((await chat(newServer.origin, key, ask)).status).toBe(200);
  await newServer.stop();
  expect((await command("new", "audit")).json).toEqual({ accounts: 1, problems: [] });
  expect((await command("new", "import", "--file", file())).error).toMatch(
    /import into an empty one/,
  );
  if (!serverUri) return;
  const fileBack = path.join(place, "back.jsonl");
  expect((await command("new", "export", "--file", fileBack)).error).toBe("");
  await copySecrets("back");
  expect((await command("back", "import", "--file", fileBack)).error).toBe("");
  const show = (name: string) => command(name, "account", "show", "--email", "mover@example.com");
  expect(await show("back")).toEqual(await show("new"));
  expect((await command("back", "audit")).json).toEqual({ accounts: 1, problems: [] });
});

test("A file that is cut off, altered or of another pepper brings nothing", async () => {
  const text = await readFile(file(), "utf8");
  const lines = text.trimEnd().split("\n");
  const brokenFiles: [string, string, RegExp][] = [
    ["cut", lines.slice(0, -1).join("\n"), /is cut off/],
    ["short", lines.filter((_, i) => i !== 2).join("\n"), /does not hold all of its documents/],
    [
      "bad",
      lines.map((line, i) => (i === 2 ? line.slice(0, -3) : line)).join("\n"),
      /is damaged at document 2/,
    ],
    ["other", "{}\n", /is not an export of OneKey/],
    ["live", text.replace('"mode":"sandbox"', '"mode":"live"'), /was made in live mode/],
  ];
  await copySecrets("empty");
  for (const [name, content, reason] of brokenFiles) {
    await writeFile(path.join(place, name), content);
    expect(
      (await command("empty", "import", "--file", path.join(place, name))).error,
      name,
    ).toMatch(reason);
  }
  expect((await command("fresh", "import", "--file", file())).error).toMatch(/another KEY_PEPPER/);
  expect((await command("empty", "import", "--file", path.join(place, "none"))).error).toMatch(
    /cannot be read/,
  );
  expect((await command("empty", "audit")).json).toEqual({ accounts: 0, problems: [] });
  expect((await command("old", "export", "--file", file())).error).toMatch(/name a new file/);
});
