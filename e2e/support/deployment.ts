import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { MongoClient, type Db } from "mongodb";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account, Limits } from "@/lib/accounts/schema";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import type { UsageRow } from "@/lib/usage/schema";
import { ageDeployment } from "./age-deployment";
import { operatorOf } from "./cli";
import { freePort, launch, waitForHealth, type LaunchedProcess } from "./processes";
import { embeddedSettings } from "./shared-deployment";

/** Settings of one of its processes, in addition to those of all. */
type ProcessSettings = (name: string, dataDir: string) => Promise<Record<string, string>>;

/** A separate OneKey that a test may break: a database process, and servers that can be killed and started again. */
export class Deployment {
  readonly environment: Record<string, string>;
  readonly operator: ReturnType<typeof operatorOf>;
  database: LaunchedProcess | undefined;
  readonly servers = new Map<string, { port: number; running: LaunchedProcess | undefined }>();
  #output = "";
  #client: MongoClient | undefined;

  private constructor(
    readonly dataDir: string,
    settings: Record<string, string>,
    private readonly processSettings: ProcessSettings,
  ) {
    this.environment = { ...embeddedSettings(dataDir), ...settings };
    this.operator = operatorOf(this.environment, { isSteady: true });
  }

  static async open(
    names: string[],
    settings: Record<string, string> = {},
    processSettings: ProcessSettings = async () => ({}),
  ): Promise<Deployment> {
    const deployment = new Deployment(
      await mkdtemp(path.join(tmpdir(), "onekey-deployment-")),
      settings,
      processSettings,
    );
    await deployment.startDatabase();
    for (const name of names) await deployment.addServer(name);
    return deployment;
  }

  async addServer(name: string): Promise<void> {
    this.servers.set(name, { port: await freePort(), running: undefined });
    await this.startServer(name);
  }

  /** Tries again while another process has the data: an operator command that finds no database serves it itself until it ends. */
  async startDatabase(): Promise<void> {
    const environment = {
      ...this.environment,
      ...(await this.processSettings("database", this.dataDir)),
    };
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
      hasPages: false,
      environment: {
        ...this.environment,
        ...(await this.processSettings(name, this.dataDir)),
        PORT: String(server.port),
      },
      // Its log line: while it was stopped, its port may have been given to another test's server, which would respond too.
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
    this.#output += running?.output() ?? "";
    return code;
  }

  /** Waits until a server has ended without being stopped; resolves to the signal that ended it. */
  async died(name: string): Promise<NodeJS.Signals | null> {
    const child = this.#server(name).running?.child;
    for (let i = 0; i < 1_200 && child?.exitCode === null && child.signalCode === null; i++)
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

  /** The ids of an account's open holds, read from the database. */
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
    await ageDeployment(await this.#database(), ms);
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

  /** Everything that was written anywhere: files of the data directory, and what the processes printed. */
  async contains(text: string): Promise<boolean> {
    const output = [...this.servers.values()]
      .map(({ running }) => running?.output() ?? "")
      .join("");
    if ((this.#output + output + (this.database?.output() ?? "")).includes(text)) return true;
    const entries = await readdir(this.dataDir, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((candidate) => candidate.isFile()))
      if ((await readFile(path.join(entry.parentPath, entry.name))).includes(text)) return true;
    return false;
  }

  async close(): Promise<void> {
    this.operator.close();
    await Promise.all([...this.servers.keys()].map((name) => this.stopServer(name, "SIGTERM")));
    await this.#client?.close();
    await this.stopDatabase("SIGTERM");
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
