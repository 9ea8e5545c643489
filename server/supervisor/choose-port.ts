import { createServer } from "node:net";
import { StartError } from "./start-error";

/** Without PORT, so many ports after the default are tried. */
const OTHER_PORTS = 10;

/** The port asked for, or else the first free one from the default on. Throws a `StartError` when there is none. */
export async function choosePort({
  host,
  port,
  isFixed,
}: {
  host: string;
  port: number;
  isFixed: boolean;
}): Promise<number> {
  const last = isFixed ? port : port + OTHER_PORTS;
  for (let candidate = port; candidate <= last; candidate++) {
    const problem = await tryPort(host, candidate);
    if (problem === null) return candidate;
    if (problem !== "EADDRINUSE")
      throw new StartError(`OneKey cannot listen on ${host}:${candidate} (${problem}).`);
  }
  throw new StartError(
    isFixed
      ? `Port ${port} is in use. Stop what listens there, or set PORT to another.`
      : `Ports ${port} to ${last} are in use. Set PORT to a free one.`,
  );
}

function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}
