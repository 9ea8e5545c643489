import { connect, createServer, type Socket } from "node:net";

export type ProxyMode =
  | { as: "pass" }
  /** Answers reach the servers this much later. */
  | { as: "slow"; milliseconds: number }
  /** What servers say reaches the database; what it answers is lost. */
  | { as: "deaf" }
  | { as: "away" };

export type DatabaseProxy = { uri: string; set(mode: ProxyMode): void; close(): Promise<void> };

/** Stands between the servers and the database's socket, so that the way between them can fail. */
export async function startDatabaseProxy(socketPath: string): Promise<DatabaseProxy> {
  let mode: ProxyMode = { as: "pass" };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    if (mode.as === "away") return void client.destroy();
    const database = connect(socketPath);
    for (const socket of [client, database]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => {
        open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on("data", (chunk) => void database.write(chunk));
    database.on("data", (chunk) => {
      if (mode.as === "deaf") return;
      if (mode.as === "slow") setTimeout(() => client.write(chunk), mode.milliseconds);
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    uri: `mongodb://127.0.0.1:${port}/onekey?directConnection=true`,
    set: (next) => {
      mode = next;
      if (next.as === "away") cut();
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
