import { Section } from "@/components/dashboard/section";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { CatalogCheck, CatalogFinding } from "@/lib/catalog/checks/schema";
import type { UnknownModel } from "@/lib/catalog/unknown-models/schema";
import { formatCount, formatMoment } from "@/lib/format";
import { providerName } from "@/lib/providers";
import { ApplyButton, CheckButton } from "./catalog-buttons";

interface Props {
  check: CatalogCheck | null;
  /** The catalog in force now. */
  version: string;
  /** Findings that one click applies. */
  certain: CatalogFinding[];
  /** Models that served requests and are not in the catalog. */
  unknownModels: UnknownModel[];
}

const KINDS: Record<CatalogFinding["kind"], string> = {
  new: "New model",
  gone: "No longer listed",
  ending: "Ends",
  price: "Another price",
};

/** The result of the daily catalog check, with a button for the certain changes. */
export function Catalog({ check, version, certain, unknownModels }: Props) {
  const findings = check?.findings ?? [];
  return (
    <Section
      title="Catalog"
      action={
        findings.length === 0 ? undefined : (
          <Badge tone="warning">{formatCount(findings.length)} differences</Badge>
        )
      }
    >
      <p className="text-sm text-muted">
        Version <span className="font-mono">{version}</span> is in force.{" "}
        {check === null
          ? "Not checked yet. The check runs daily, on one server at a time."
          : `Checked on ${formatMoment(check.at)} against the providers’ lists and price lists.`}
        {(check?.providers ?? [])
          .flatMap(({ provider, problem }) =>
            problem === null ? [] : [` ${providerName(provider)}: ${problem}`],
          )
          .join("")}
      </p>
      {findings.length === 0 ? null : <Findings findings={findings} />}
      {unknownModels.length === 0 ? null : <UnknownModels pairs={unknownModels} />}
      <div className="flex flex-wrap items-start gap-3">
        <CheckButton />
        {certain.length === 0 ? null : <ApplyButton count={certain.length} />}
      </div>
    </Section>
  );
}

function UnknownModels({ pairs }: { pairs: UnknownModel[] }) {
  return (
    <>
      <Table edge="flush" caption="Models that served requests and are not in the catalog">
        <thead>
          <tr>
            <Th>Served model</Th>
            <Th>Requested</Th>
            <Th>Last seen</Th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ _id, provider, model, servedModel, lastAt }) => (
            <tr key={_id}>
              <Td className="font-mono wrap-anywhere">
                {servedModel}
                <Sub>{providerName(provider)}</Sub>
              </Td>
              <Td className="font-mono wrap-anywhere">{model}</Td>
              <Td>{formatMoment(lastAt)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="text-sm text-muted">
        These requests are charged at the price of the requested model. Add the served model, or its
        alias, if its price differs: <code>npm run -s onekey -- catalog apply FILE</code>
      </p>
    </>
  );
}

function Findings({ findings }: { findings: CatalogFinding[] }) {
  return (
    <Table edge="flush" caption="Differences between the catalog and the providers">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Difference</Th>
        </tr>
      </thead>
      <tbody>
        {findings.map(({ kind, provider, model, detail }) => (
          <tr key={`${kind} ${model} ${detail}`}>
            <Td className="font-mono wrap-anywhere">
              {model}
              <Sub>{providerName(provider)}</Sub>
            </Td>
            <Td className="wrap-anywhere">
              {KINDS[kind]}
              <Sub>{detail}</Sub>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
