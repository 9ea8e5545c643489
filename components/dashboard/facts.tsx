import { Fragment, type ReactNode } from "react";

export interface FactRow {
  name: string;
  value: ReactNode;
}

/** Names and values between hairlines. */
export function Facts({ facts }: { facts: FactRow[] }) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] text-sm [&>*]:border-b [&>*]:border-line [&>*]:py-2 [&>:nth-last-child(-n+2)]:border-0">
      {facts.map(({ name, value }) => (
        <Fragment key={name}>
          <dt className="pr-6 text-muted">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
