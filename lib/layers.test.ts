import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let folder: string;
let report: string;

const use = (specifier: string) =>
  `import * as used from "${specifier}";\nexport const it = used;\n`;

/** file → [contents, what the refusal says]. Each breaks one layer rule. */
const badImports: Record<string, [string, RegExp]> = {
  "lib/money.ts": [use("@/lib/accounts/schema"), /Base files/],
  "lib/ids.ts": [use("./usage/schema"), /Base files/],
  "lib/env/up.ts": [use("@/lib/db/client"), /Base files/],
  "lib/http/up.ts": [use("../accounts/schema"), /Base files/],
  "lib/db/up.ts": [use("@/lib/accounts/schema"), /knows no record/],
  "lib/db/side.ts": [use("../usage/schema"), /knows no record/],
  "packages/embedded-mongo/log.ts": [use("@/lib/log"), /imports nothing of OneKey/],
  "packages/embedded-mongo/query/driver.ts": [use("mongodb"), /no driver/],
  "packages/embedded-mongo/query/up.ts": [use("../../../lib/errors"), /imports nothing of OneKey/],
  "lib/accounts/database.ts": [use("@onekey/embedded-mongo"), /A record imports/],
  "lib/gateway/embedded.ts": [use("@onekey/embedded-mongo/client"), /never queries/],
  "lib/accounts/flow.ts": [use("@/lib/gateway/handle"), /A record imports/],
  "lib/accounts/other.ts": [use("@/lib/usage/queries"), /A record imports/],
  "lib/accounts/relative.ts": [use("../ledger/post"), /A record imports/],
  "lib/stored-responses/page.ts": [use("@/app/(site)/page"), /A record imports/],
  "lib/instances/driver.ts": [use("@/components/logo"), /A record imports/],
  "lib/gateway/driver.ts": [use("mongodb"), /never queries/],
  "lib/gateway/request/check-query.ts": [use("@/lib/accounts/collection"), /never queries/],
  "lib/gateway/meter/query.ts": [use("../../usage/collection"), /never queries/],
  "lib/gateway/database.ts": [use("@/lib/db/client"), /never queries/],
  "lib/payments/page.ts": [use("@/components/logo"), /never queries/],
  "lib/assistant/hold.ts": [use("@/lib/accounts/hold"), /nothing that writes/],
  "lib/assistant/post.ts": [use("@/lib/ledger/post"), /nothing that writes/],
  "lib/assistant/flow.ts": [use("../payments/top-up"), /nothing that writes/],
  "lib/assistant/session.ts": [use("@/lib/auth/session"), /nothing that writes/],
  "lib/email/sandbox.ts": [use("@/sandbox/providers"), /never queries/],
  "app/(site)/page.tsx": [use("mongodb"), /Only record folders/],
  "app/a/page.tsx": [use("@/lib/db/client"), /Only record folders/],
  "app/b/page.tsx": [use("@/lib/accounts/collection"), /Only record folders/],
  "app/c/page.tsx": [use("../../lib/db/client"), /Only record folders/],
  "app/d/page.tsx": [use("@/sandbox/providers"), /separate process/],
  "components/card.tsx": [use("@/lib/accounts/queries"), /Components take props/],
  "components/ui/card.tsx": [use("@/sandbox"), /Components take props/],
  "cli/index.ts": [use("@/lib/accounts/collection"), /process entry/],
  "server/index.ts": [use("../sandbox/index"), /process entry/],
  "lib/log.ts": ["export const level = process.env.LOG_LEVEL;\n", /process\.env/],
  "app/e/page.tsx": ["export const key = process.env.OPENAI_API_KEY;\n", /process\.env/],
  "lib/usage/any.ts": ["export const it: any = 1;\n", /any/],
  "lib/usage/sure.ts": ["export const it = (list: number[]) => list[0]!;\n", /non-null/i],
  "lib/catalog/cycle.ts": ['import { b } from "./cycle-b";\nexport const a = () => b;\n', /cycle/i],
  "lib/catalog/cycle-b.ts": ['import { a } from "./cycle";\nexport const b = () => a;\n', /cycle/i],
};

/** What the rules allow; none of these may be reported. */
const goodImports: Record<string, string> = {
  "lib/http/headers.ts": use("@/lib/errors"),
  "lib/clock.ts": use("@/lib/env").replaceAll("used", "clock").replace("it =", "its ="),
  "lib/db/client.ts":
    use("mongodb") + use("@/lib/env").replaceAll("used", "env").replace("it =", "its ="),
  "lib/db/server.ts": use("@onekey/embedded-mongo"),
  "packages/embedded-mongo/commands/find.ts": use("../storage/document-store"),
  "packages/embedded-mongo/storage/journal.ts": use("lmdb"),
  "lib/usage/collection.ts": use("@/lib/db/client"),
  "lib/usage/queries.ts": use("./collection"),
  "lib/usage/cost.ts": use("@/lib/catalog/schema"),
  "lib/assistant/tools.ts": use("@/lib/usage/figures"),
  "lib/gateway/handle.ts": use("@/lib/accounts/hold"),
  "lib/gateway/body-scan/json.ts": use("../dialect"),
  "app/f/page.tsx": use("@/lib/accounts/queries"),
  "components/price.tsx": use("@/lib/money"),
  "components/table.tsx": use("@/lib/usage/schema"),
  "cli/database.ts": use("@/lib/db/client"),
  "lib/env/index.ts": "export const it = process.env.PORT;\n",
  "scripts/start.mjs": "export const it = process.env.PORT;\n",
  "lib/usage/usage.test.ts": use("@/lib/usage/collection"),
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "onekey-layers-"));
  cpSync(path.join(root, ".oxlintrc.json"), path.join(folder, ".oxlintrc.json"));
  for (const [file, [contents]] of Object.entries(badImports)) put(file, contents);
  for (const [file, contents] of Object.entries(goodImports)) put(file, contents);
  const lint = spawnSync(
    process.execPath,
    [path.join(root, "node_modules/oxlint/bin/oxlint"), "-f", "json"],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  expect(lint.status).toBe(1);
  report = lint.stdout;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an import that goes up is refused by the lint", () => {
  test.each(Object.keys(badImports))("%s", (file) => {
    expect(messagesFor(file).join("\n")).toMatch(badImports[file]?.[1] ?? /^$/);
  });
});

describe("an import that goes down passes the lint", () => {
  test.each(Object.keys(goodImports))("%s", (file) => {
    expect(messagesFor(file)).toEqual([]);
  });
});

function put(file: string, contents: string) {
  mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(folder, file), contents);
}

function messagesFor(file: string): string[] {
  const { diagnostics } = JSON.parse(report) as {
    diagnostics: { filename: string; message: string; code?: string; help?: string }[];
  };
  return diagnostics
    .filter((diagnostic) => diagnostic.filename.replaceAll("\\", "/") === file)
    .map((diagnostic) => `${diagnostic.code ?? ""} ${diagnostic.message} ${diagnostic.help ?? ""}`);
}
