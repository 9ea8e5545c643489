import { execFile, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { createManagementKey } from "@/lib/management-keys/create";
import { serveManagement } from "@/lib/management/serve";

useOwnDatabase(ensureIndexes);

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { method = "GET", url = "/", headers } = req;
  const body = await buffer(req);
  const response = await serveManagement(
    new Request(`http://127.0.0.1${url}`, {
      method,
      headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
      ...(body.length > 0 ? { body } : {}),
    }),
  );
  res.writeHead(response.status, Object.fromEntries(response.headers));
  res.end(Buffer.from(await response.arrayBuffer()));
}

test.skipIf(!hasCurl)(
  "every curl command of the page works, in its order (skipped where there is no curl)",
  async () => {
    const { _id: accountId, projects } = await createAccount({ email: "mira@example.com" });
    const { secret } = await createManagementKey({
      accountId,
      name: "deploy-bot",
      scopes: ["read", "keys", "limits"],
      creator: { kind: "person", id: accountId, name: "Mira" },
    });
    const server = createServer((req, res) => void serve(req, res));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const file = path.join(process.cwd(), "app/(site)/docs/management-api/page.mdx");
      const commands = [...(await readFile(file, "utf8")).matchAll(/^```sh\n(curl [\s\S]*?)^```/gm)]
        .map(([, command = ""]) => command.replaceAll("ONEKEY_URL", address))
        .map((command) => command.replace(/^curl /, "curl -sS --fail-with-body "));
      const env: NodeJS.ProcessEnv = {
        PATH: process.env.PATH,
        NODE_ENV: "test",
        ONEKEY_MANAGEMENT_KEY: secret,
        PROJECT: projects[0]?.id,
      };
      const outputs: string[] = [];
      for (const command of commands) {
        const { stdout } = await run("bash", ["-c", command], { env });
        outputs.push(stdout);
        env.KEY ??= /"id":"(key_\w+)"/.exec(stdout)?.[1];
        env.ETAG ??= /^etag: (.+?)\r?$/m.exec(stdout)?.[1];
      }
      expect(outputs).toEqual([
        expect.stringContaining('"data":[{"id":"prj_'),
        expect.stringContaining('"secret":"sk-onekey-'),
        expect.stringContaining('"credits_per_day":null'),
        expect.stringContaining('"credits_per_day":"5.000000000"'),
        expect.stringContaining('"old_secrets":[{"preview"'),
        "",
        '{"data":[],"next":null}',
      ]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
);
