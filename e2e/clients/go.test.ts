import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { listRows } from "@/lib/usage/queries";
import { createFundedAccount } from "../support/own-gateway";
import { createOwnServer } from "../support/own-server";
import { ROOT } from "../support/processes";
import { codeOf } from "./docs-page";

const CREDIT = 1_000_000_000;
/** Set by `npm run test:clients`; empty where there is no Go. */
const go = process.env.ONEKEY_CLIENTS_GO ?? "";
const server = createOwnServer();
const count = codeOf({ page: "go", language: "go", origin: "" }).length;

test("the docs page has the code of every Go SDK", () => {
  expect(count).toBe(3);
});

// Without Go, `npm run test:clients` says so in one line.
test.skipIf(go === "").each(Array.from({ length: count }, (_, index) => index))(
  "the Go program %i of /docs/go runs as it is written",
  async (index) => {
    const { key, projectId } = await createFundedAccount({ credits: 50 * CREDIT });
    const code = codeOf({ page: "go", language: "go", origin: server.origin })[index] ?? "";
    const modules = path.join(ROOT, "e2e/clients/go");
    const directory = await mkdtemp(path.join(modules, "program-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    for (const file of ["go.mod", "go.sum"])
      await cp(path.join(modules, file), path.join(directory, file));
    await writeFile(path.join(directory, "main.go"), code);
    const { PATH, HOME, GOPROXY, GOFLAGS } = process.env;
    const { stdout } = await promisify(execFile)(go, ["-C", directory, "run", "."], {
      env: { PATH, HOME, GOPROXY, GOFLAGS, NODE_ENV: "production", ONEKEY_API_KEY: key },
    });
    expect(stdout.trim().length).toBeGreaterThan(1);
    const rows = await vi.waitFor(async () => {
      const page = await listRows({ projectId, limit: 10 });
      expect(page.rows.length).toBeGreaterThan(0);
      return page.rows;
    });
    for (const row of rows) expect(row).toMatchObject({ status: 200, endedBy: "complete" });
  },
);
