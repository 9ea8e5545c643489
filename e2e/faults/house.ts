import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { MongoClient, type Db } from "mongodb";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Account, Limits } from "@/lib/accounts/schema";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import type { Instance } from "@/lib/instances/schema";
import type { UsageRow } from "@/lib/usage/schema";
import { freePort, launch, root, waitForHealth, type Launched } from "../support/processes";
import { embedded } from "../support/deployment";

const run = promisify(execFile);

/** What one of its processes is told beside the others. */
type Own = (name: string, dataDir: string) => Promise<Record<string, string>>;

/** A OneKey of a test's own that it may break: a database process and servers that can be killed and started again. */
export class House {
  readonly environment: Record<string, string>;
  database: Launched | undefined;
  readonly servers = new Map<string, { port: number; running: Launched | undefined }>();
  #said = "";
  #client: MongoClient | undefined;

  private constructor(
    readonly dataDir: string,
    more: Record<string, string>,
    private readonly own: Own,
  ) {
    this.environment = { ...embedded(dataDir), ...more };
  }

  static async open(
    names: string[],
    more: Record<string, string> = {},
    own: Own = async () => ({}),
  ): Promise<House> {
    const house = new House(await mkdtemp(path.join(tmpdir(), "onekey-house-")), more, own);
    await house.startDatabase();
    for (const name of names) await house.addServer(name);
    return house;
  }

  async addServer(name: string): Promise<void> {
    this.servers.set(name, { port: await freePort(), running: undefined });
    await this.startServer(name);
  }

  /** Tries again while another process has the data: an operator command that finds no database serves it itself until it ends. */
  async startDatabase(): Promise<void> {
    const environment = { ...this.environment, ...(await this.own("database", this.dataDir)) };
    for (const until = Date.now() + 20_000; ; await sleep(200)) {
      try {
        this.database = await launch({
          script: "dist/database.js",
          environment,
          ready: /"ready":true/,
        });
        return;
      } catch (error) {
        if (Date.now() > until || !String(error).includes("Another process serves")) throw error;
      }
    }
  }

  async stopDatabase(signal: NodeJS.Signals): Promise<void> {
    await this.database?.stop(signal);
    this.database = undefined;
  }

  async startServer(name: string): Promise<void> {
    const server = this.#server(name);
    server.running = await launch({
      script: "dist/server.js",
      environment: {
        ...this.environment,
        ...(await this.own(name, this.dataDir)),
        PORT: String(server.port),
      },
      // Its own word: while it was away, its port may have been given to another test's server, which would answer too.
      ready: /"server\.ready"/,
    });
    await waitForHealth(this.origin(name));
  }

  /** Its exit status; null after a kill. */
  async stopServer(name: string, signal: NodeJS.Signals): Promise<number | null> {
    const server = this.#server(name);
    const { running } = server;
    server.running = undefined;
    const code = (await running?.stop(signal)) ?? null;
    this.#said += running?.output() ?? "";
    return code;
  }

  /** Waits until a server has ended by itself; the signal that ended it. */
  async died(name: string): Promise<NodeJS.Signals | null> {
    const child = this.#server(name).running?.child;
    for (let i = 0; i < 200 && child?.exitCode === null && child.signalCode === null; i++)
      await sleep(50);
    return child?.signalCode ?? null;
  }

  origin(name: string): string {
    return `http://127.0.0.1:${this.#server(name).port}`;
  }

  #server(name: string) {
    const server = this.servers.get(name);
    if (!server) throw new Error(`There is no server ${name}.`);
    return server;
  }

  /** Runs an operator command; its JSON also when it says that the books do not balance. */
  async onekey(...words: string[]): Promise<Record<string, unknown>> {
    const env = { PATH: process.env.PATH, NODE_ENV: "production" as const, ...this.environment };
    const { stdout } = await run(process.execPath, ["dist/cli.js", ...words, "--json"], {
      cwd: root,
      env,
    }).catch((error: { stdout?: string; stderr?: string }) => {
      if (error.stdout?.startsWith("{")) return { stdout: error.stdout };
      throw new Error(`onekey ${words.join(" ")}: ${error.stderr ?? ""}`);
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The ids of an account's open holds, read beside the servers. */
  async holds(email: string): Promise<string[]> {
    return ((await this.#account(email))?.holds ?? []).map(({ id }) => id);
  }

  /** The rows of an account's requests. */
  async usage(email: string): Promise<UsageRow[]> {
    const accountId = (await this.#account(email))?._id ?? "";
    return (await this.#database()).collection<UsageRow>("usage").find({ accountId }).toArray();
  }

  /** Limits the account's first project, as its owner would. */
  async limit(email: string, limits: Limits): Promise<void> {
    const accounts = (await this.#database()).collection<Account>("accounts");
    await accounts.updateOne({ email }, { $set: { "projects.0.limits": limits } });
  }

  /** From here on its requests cost credits. */
  async spendFreeRequests(email: string): Promise<void> {
    const accounts = (await this.#database()).collection<Account>("accounts");
    await accounts.updateOne({ email }, { $set: { free: { requests: 0, credits: 0 } } });
  }

  /** Makes every heartbeat and every hold so much older. */
  async age(ms: number): Promise<void> {
    const database = await this.#database();
    for (const { _id, seenAt } of await database.collection<Instance>("instances").find().toArray())
      await database
        .collection<Instance>("instances")
        .updateOne({ _id }, { $set: { seenAt: new Date(seenAt.getTime() - ms) } });
    await database
      .collection<Account>("accounts")
      .updateMany({}, { $inc: { "holds.$[].at": -ms } });
  }

  async #database(): Promise<Db> {
    this.#client ??= await new MongoClient(
      embeddedUri(path.join(this.dataDir, "sandbox")),
    ).connect();
    return this.#client.db("onekey");
  }

  async #account(email: string): Promise<Account | null> {
    return (await this.#database()).collection<Account>("accounts").findOne({ email });
  }

  async problems(): Promise<unknown> {
    return (await this.onekey("audit")).problems;
  }

  async customer(credits: string): Promise<{ email: string; key: string; project: string }> {
    const email = `${Math.random().toString(36).slice(2)}@example.com`;
    const made = await this.onekey("account", "create", "--email", email, "--credits", credits);
    return { email, key: String(made.key), project: String(made.project) };
  }

  /** Everything that was written anywhere: files of the data directory, and what the processes printed. */
  async contains(text: string): Promise<boolean> {
    const printed = [...this.servers.values()]
      .map(({ running }) => running?.output() ?? "")
      .join("");
    if ((this.#said + printed + (this.database?.output() ?? "")).includes(text)) return true;
    const entries = await readdir(this.dataDir, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile()))
      if ((await readFile(path.join(entry.parentPath, entry.name))).includes(text)) return true;
    return false;
  }

  async close(): Promise<void> {
    for (const name of this.servers.keys()) await this.stopServer(name, "SIGTERM");
    await this.#client?.close();
    await this.stopDatabase("SIGTERM");
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
