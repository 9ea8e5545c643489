import type { AuditEntry } from "@/lib/audit-log/schema";
import { csvCell } from "@/lib/usage/export";

/** Entries as a JSON array, in pieces, as they come. */
export async function* jsonOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const { _id: id, accountId: _owner, ...entry } of entries) {
    yield `${separator}${JSON.stringify({ id, ...entry })}`;
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}

const COLUMNS =
  "id at actor_kind actor_id actor actor_role type target_id target project changes address client done";

/** Entries as CSV (RFC 4180) under one line of names; changes are one text, `name: before -> after; …`. */
export async function* csvOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield `${COLUMNS.replaceAll(" ", ",")}\r\n`;
  for await (const { _id, at, actor, type, target, changes, address, client, done } of entries) {
    const changeText = changes
      .map(({ name, before, after }) => `${name}: ${before ?? "none"} -> ${after ?? "none"}`)
      .join("; ");
    const cells = [
      _id,
      at.toISOString(),
      actor.kind,
      actor.id,
      actor.name,
      actor.role,
      type,
      target?.id,
      target?.name,
      target?.projectId,
      changeText,
      address,
      client,
      done,
    ];
    yield `${cells.map(csvCell).join(",")}\r\n`;
  }
}
