import { Link } from "@/components/ui/link";
import { FirstKey } from "@/components/dashboard/first-key";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { KEYS_MAX } from "@/lib/accounts/schema";
import { formatCount, formatDay, formatMonth } from "@/lib/format";
import { createFirstKeyAction } from "../key-actions";
import type { KeyRow, OwnProject } from "../project";
import { limitWords } from "../limit-texts";
import { KeyRowActions } from "./key-row-actions";
import { KeyStatus } from "./key-status";
import { KeyOverlap } from "./key-overlap";

interface Props extends OwnProject {
  rows: KeyRow[];
  baseUrl: string;
}

/** The keys of a project that work, the newest first, and how many no longer do. */
export function KeysSection({ account, project, canManage, now, rows, baseUrl }: Props) {
  const working = rows.filter(({ live }) => live.length > 0);
  const endedRows = rows.filter(({ live }) => live.length === 0);
  const inAccount = (account.suspendedAt ? account.heldKeys : account.keys)?.length ?? 0;
  const total = rows.reduce((sum, { monthCost }) => sum + monthCost, 0);
  return (
    <Section
      title="Keys"
      action={
        <span className="text-sm text-muted tabular-nums">
          {formatCount(working.length)} here, {formatCount(inAccount)} of {KEYS_MAX} in the account
        </span>
      }
    >
      {working.length === 0 ? (
        <p className="max-w-prose text-muted">
          This project has no key. Create one, copy it while it is shown, and send a request with
          it. The request appears on the usage page a moment later. Give each service, machine or
          person a separate key, so that you can rotate and revoke each without touching the others.
        </p>
      ) : (
        <Table
          edge="flush"
          caption={`Keys of ${project.name}`}
          // Each key is a group of rows; the lines are between groups.
          className="[&_tbody>tr:last-child>td]:border-b [&_tbody>tr:not(:last-child)>td]:border-b-0"
        >
          <thead>
            <tr>
              <Th>Name</Th>
              <Th wide>Created by</Th>
              <Th wide>Last used</Th>
              <Th wide>Expires</Th>
              <Th wide>Limits</Th>
              <Th num>{formatMonth(new Date(now))}</Th>
              <Th wide>Status</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          {working.map((row) => (
            <tbody key={row.key._id}>
              <KeyTableRow row={row} now={now} baseUrl={baseUrl} canManage={canManage} />
              {row.live.length > 1 ? (
                <KeyOverlap row={row} now={now} columns={8} canManage={canManage} />
              ) : null}
            </tbody>
          ))}
          <tfoot>
            <tr>
              <Td className="font-medium">Total</Td>
              <Td wide />
              <Td wide />
              <Td wide />
              <Td wide />
              <Td num>
                <Amount nano={total} />
              </Td>
              <Td wide />
              <Td />
            </tr>
          </tfoot>
        </Table>
      )}
      {canManage ? (
        <FirstKey
          projectId={project.id}
          baseUrl={baseUrl}
          isFirst={working.length === 0}
          createKey={createFirstKeyAction}
        />
      ) : null}
      <footer className="grid gap-2 text-sm text-muted">
        {working.length === 0 ? (
          <span>
            A key is shown in full once, when it is created. OneKey stores only a digest of it.
          </span>
        ) : (
          <span>Last used is kept as a day, not as a time.</span>
        )}
        {endedRows.length === 0 ? null : <EndedKeys rows={endedRows} />}
      </footer>
    </Section>
  );
}

function KeyTableRow({
  row,
  now,
  baseUrl,
  canManage,
}: {
  row: KeyRow;
  now: number;
  baseUrl: string;
  canManage: boolean;
}) {
  const { key, live } = row;
  const [limit, secondLimit] = limitWords(key.limits ?? {});
  return (
    <tr>
      <Td className="wrap-anywhere">
        <Link
          href={`/dashboard/projects/${key.projectId}/keys/${key._id}`}
          prefetch={false}
          className="font-medium"
        >
          {key.name}
        </Link>
        <Sub className="font-mono whitespace-nowrap">{live.at(-1)?.preview}</Sub>
        <span className="md:hidden">
          <KeyStatus row={row} now={now} exceptionsOnly />
        </span>
      </Td>
      <Td wide className="wrap-anywhere">
        {key.creator?.name ?? <span className="text-muted">Not recorded</span>}
        <Sub className="tabular-nums">
          {formatDay(key.createdAt)}
          {row.hasCreatorLeft ? ", left the team" : null}
        </Sub>
      </Td>
      <Td wide muted={!key.lastUsedDay} className="whitespace-nowrap tabular-nums">
        {key.lastUsedDay ? formatDay(new Date(key.lastUsedDay)) : "Never"}
      </Td>
      <Td wide muted={!key.expiresAt} className="whitespace-nowrap tabular-nums">
        {key.expiresAt ? formatDay(key.expiresAt) : "Never"}
      </Td>
      <Td wide muted={!key.limits} className="tabular-nums">
        {limit ?? "None"}
        <Sub>{secondLimit ?? row.creditsLeft}</Sub>
      </Td>
      <Td num>
        <Amount nano={row.monthCost} />
      </Td>
      <Td wide>
        <KeyStatus row={row} now={now} />
      </Td>
      <Td className="text-right">
        {canManage ? <KeyRowActions row={row} now={now} baseUrl={baseUrl} /> : null}
      </Td>
    </tr>
  );
}

function EndedKeys({ rows }: { rows: KeyRow[] }) {
  return (
    <details>
      <summary className="cursor-pointer">{formatCount(rows.length)} revoked or expired</summary>
      <ul className="mt-2 grid gap-1.5">
        {rows.map(({ key }) => (
          <li key={key._id}>
            <span className="text-text">{key.name}</span>{" "}
            <span className="font-mono">{key.secrets.at(-1)?.preview}</span>,{" "}
            {key.revokedAt
              ? `revoked on ${formatDay(key.revokedAt)}`
              : `expired${key.expiresAt ? ` on ${formatDay(key.expiresAt)}` : ""}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
