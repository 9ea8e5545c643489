import { request } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startPageThread } from "./page-thread";

let dir: string;
let script: URL;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "onekey-thread-"));
  const file = path.join(dir, "thread.mjs");
  // Ends as it is asked to, and writes what Next might write about a request.
  writeFileSync(
    file,
    `import { createServer } from "node:http";
     import { parentPort, workerData } from "node:worker_threads";
     const ends = {
       "/throw": () => setImmediate(() => { throw new Error("secret of a request"); }),
       "/reject": () => void Promise.reject(new Error("secret of a request")),
       "/exit": () => process.exit(3),
       "/memory": () => { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); },
       "/write": () => {
         console.log("secret of a request");
         console.error("secret of a request");
         process.stdout.write('{"at":"2026-01-01T00:00:00.000Z","level":"info","event":"a.test"}\\n');
         process.stdout.write('{"at":"secret of a request"}\\n');
       },
     };
     createServer((req, res) => { res.end("page"); ends[req.url]?.(); })
       .listen(workerData.socketPath, () => parentPort.postMessage("alive"));`,
  );
  script = pathToFileURL(file);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const get = (socketPath: string, target: string) =>
  new Promise<string>((resolve, reject) => {
    request({ socketPath, path: target, agent: false }, (res) => {
      let text = "";
      res.on("data", (chunk) => (text += String(chunk)));
      res.on("end", () => resolve(text));
      res.on("error", reject);
    })
      .on("error", reject)
      .end();
  });

/** Everything that this process writes until the end of the test. */
function captureOutput(): () => string {
  let output = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
  return () => {
    spy.mockRestore();
    return output;
  };
}

test.each(["/throw", "/reject", "/exit", "/memory"])(
  "a thread that ended by %s is started again, on another socket",
  async (target) => {
    const endCapture = captureOutput();
    const thread = startPageThread({ port: 1, script, heapMiB: 32 });
    const first = await thread.socketPath();
    await get(first, target).catch(() => null);
    await vi.waitFor(async () => expect(await thread.socketPath()).not.toBe(first), {
      timeout: 25_000,
    });
    expect(await get(await thread.socketPath(), "/")).toBe("page");
    expect(thread.started()).toBe(true);
    await thread.close();
    const output = endCapture();
    expect(output).toContain('"event":"pages.ended"');
    expect(output).not.toContain("secret");
  },
);

test("of what a thread writes, events are kept and text is counted", async () => {
  const endCapture = captureOutput();
  const thread = startPageThread({ port: 1, script });
  await get(await thread.socketPath(), "/write");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await thread.close();
  const output = endCapture();
  expect(output).not.toContain("secret");
  expect(output).toContain('"event":"a.test"');
  expect(output).toMatch(/"event":"pages.output.dropped","count":\d/);
});

test("while the pages are built there is no thread, and it starts once they are there", async () => {
  let isBuilt = false;
  const thread = startPageThread({
    port: 1,
    script,
    isBuilt: () => isBuilt,
  });
  expect(thread.started()).toBe(false);
  expect(thread.buildingMs()).toBeGreaterThanOrEqual(0);
  isBuilt = true;
  expect(await get(await thread.socketPath(), "/")).toBe("page");
  expect(thread.buildingMs()).toBeNull();
  expect(thread.started()).toBe(true);
  await thread.close();
});
