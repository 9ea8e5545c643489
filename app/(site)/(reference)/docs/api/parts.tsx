import type { ReactNode } from "react";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { statusTexts } from "@/app/openapi.json/statuses";
import { STATUS } from "@/lib/errors";
import type { SchemaField } from "./reference";

/** A part of the reference with an anchor. */
export function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section id={id} className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2 className="mt-3 font-strong">{title}</h2>
      {children}
    </section>
  );
}

/** Fields, parameters or headers: name, type, whether it is required, what it is for. */
export function Fields({ fields }: { fields: SchemaField[] }) {
  return (
    <ul className="border-t border-line">
      {fields.map(({ name, type, required, description }) => (
        <li
          key={name}
          className={`grid gap-[3px] border-b border-line py-[11px] text-sm ${name.includes(".") ? "ml-0.5 border-l pl-3.5" : ""}`}
        >
          <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <code className="font-mono font-medium wrap-anywhere">{name}</code>
            <span className="text-xs text-muted">{type}</span>
            {required ? <span className="text-xs font-medium text-warning">required</span> : null}
          </div>
          <p className="text-muted">
            <Prose text={description} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** A sentence of the document, in which backticks mark code. */
export function Prose({ text }: { text: string }) {
  return text.split("`").map((piece, index) =>
    index % 2 === 1 ? (
      <code key={index} className="font-mono wrap-anywhere">
        {piece}
      </code>
    ) : (
      piece
    ),
  );
}

/** The statuses of OneKey's own errors. */
export function ErrorTable() {
  return (
    <Table size="page" edge="flush" caption="Statuses of errors" className="text-sm">
      <thead>
        <tr>
          <Th>Status</Th>
          <Th wide>Code</Th>
          <Th>Meaning, and what to do</Th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(statusTexts).map(([status, { meaning, remedy }]) => (
          <tr key={status}>
            <Td className="tabular-nums">{status}</Td>
            <Td wide>
              {codesOf(Number(status)).map((code) => (
                <code key={code} className="block font-mono">
                  {code}
                </code>
              ))}
            </Td>
            <Td>
              <Prose text={meaning} />
              <Sub>{remedy}</Sub>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const codesOf = (status: number): string[] =>
  Object.entries(STATUS)
    .filter(([, errorStatus]) => errorStatus === status)
    .map(([code]) => code);
