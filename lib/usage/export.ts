import { rowView } from "./queries";
import type { UsageRow } from "./schema";

type RowSource = AsyncIterable<UsageRow> | Iterable<UsageRow>;
type ExportInput = { rows: RowSource; projectName: (projectId: string) => string };

/** So many rows are put together before they are handed on. */
const CHUNK_ROWS = 200;

/** Rows as a JSON array, in pieces, as they come. */
export async function* jsonRows({ rows, projectName }: ExportInput): AsyncGenerator<string> {
  let text = "[";
  let count = 0;
  for await (const row of rows) {
    text += `${count === 0 ? "\n" : ",\n"}${JSON.stringify({ ...rowView(row), project_name: projectName(row.projectId) })}`;
    if (++count % CHUNK_ROWS > 0) continue;
    yield text;
    text = "";
  }
  yield `${text}\n]\n`;
}

const COLUMNS = (
  "id at user project project_name model provider endpoint stream status ended_by input cache_read cache_write_5m " +
  "cache_write_1h output reasoning cost cost_nano free latency_ms first_byte_ms usage_source catalog_version"
).split(" ");

/** Rows as CSV (RFC 4180) under one line of names, in pieces, as they come. */
export async function* csvRows({ rows, projectName }: ExportInput): AsyncGenerator<string> {
  let text = `${COLUMNS.join(",")}\r\n`;
  let count = 0;
  for await (const row of rows) {
    const { tokens, ...columns } = rowView(row);
    const values: Record<string, unknown> = {
      ...columns,
      ...tokens,
      project_name: projectName(row.projectId),
    };
    text += `${COLUMNS.map((name) => csvCell(values[name])).join(",")}\r\n`;
    if (++count % CHUNK_ROWS > 0) continue;
    yield text;
    text = "";
  }
  yield text;
}

/** A cell that no spreadsheet takes for a formula: a text that would begin one is led by an apostrophe. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const text = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
