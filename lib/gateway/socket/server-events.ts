/** The events that end a turn. https://developers.openai.com/api/docs/guides/websocket-mode */
const TERMINAL = ["response.completed", "response.incomplete", "response.failed", "error"];
/** An event whose bytes have none of these is in the middle of a turn: inside a string their quotes are escaped. */
const TERMINAL_MARKS = TERMINAL.map((type) => Buffer.from(`"${type}"`));

/** Whether an event ends its turn. Only an event that may do so is parsed. */
export function endsTurn(message: Buffer): boolean {
  if (!TERMINAL_MARKS.some((mark) => message.includes(mark))) return false;
  const type = fieldsOf(message)?.type;
  return typeof type === "string" && TERMINAL.includes(type);
}

export type ErrorEvent = { status: number; headers: Record<string, string> };

/** The status and the headers of an error event, which stand for those of an HTTP response; null for another event. */
export function errorEventOf(message: Buffer): ErrorEvent | null {
  const fields = fieldsOf(message);
  if (fields?.type !== "error") return null;
  const status = fields.status ?? fields.status_code;
  const headers: Record<string, string> = {};
  if (typeof fields.headers === "object" && fields.headers !== null)
    for (const [name, value] of Object.entries(fields.headers))
      if (typeof value === "string" || typeof value === "number")
        headers[name.toLowerCase()] = String(value);
  return { status: isErrorStatus(status) ? status : 400, headers };
}

const isErrorStatus = (status: unknown): status is number =>
  typeof status === "number" && Number.isInteger(status) && status >= 400 && status <= 599;

function fieldsOf(message: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(message.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
