import Link from "next/link";
import { pricedModels, priceNow } from "@/app/catalog";
import { decimals, Price } from "@/components/site/price-table";
import { Amount } from "@/components/ui/amount";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { findModel } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { formatSize } from "@/lib/format";
import { chatTurnCost } from "./request-costs";

/** The current models of the same provider and kind, and this one among them. */
export function Siblings({ model }: { model: Model }) {
  const rows = pricedModels()
    .filter(
      ({ provider, kind, status, id }) =>
        provider === model.provider &&
        kind === model.kind &&
        (status === "current" || id === model.id),
    )
    .toSorted((a, b) => b.output - a.output);
  const pad = (kind: "input" | "cacheRead" | "output") => decimals(rows.map((row) => row[kind]));
  const pads = { input: pad("input"), cacheRead: pad("cacheRead"), output: pad("output") };
  return (
    <Table size="page" edge="flush" hover caption="Models of the same provider">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th num wide>
            Context
          </Th>
          <Th num>Input</Th>
          <Th num wide>
            Cached input
          </Th>
          <Th num>Output</Th>
          {model.kind === "text" ? (
            <Th num wide>
              Chat turn
            </Th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name, context, input, cacheRead, output }) => (
          <tr key={id}>
            <Td>
              {id === model.id ? (
                <>
                  {name} <Badge tone="neutral">this one</Badge>
                </>
              ) : (
                <Link
                  href={`/models/${id}`}
                  prefetch={false}
                  className="hover:underline hover:underline-offset-3"
                >
                  {name}
                </Link>
              )}
              <Sub className="font-mono wrap-anywhere">{id}</Sub>
            </Td>
            <Td num wide>
              {formatSize(context)}
            </Td>
            <Td num>
              <Price nano={input} pad={pads.input} />
            </Td>
            <Td num wide>
              <Price nano={cacheRead} pad={pads.cacheRead} />
            </Td>
            <Td num>
              <Price nano={output} pad={pads.output} />
            </Td>
            {model.kind === "text" ? (
              <Td num wide>
                <ChatTurn id={id} />
              </Td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What a chat turn costs with a model now. */
function ChatTurn({ id }: { id: string }) {
  const model = findModel(id);
  const price = model && priceNow(model);
  return price ? <Amount as="request" nano={chatTurnCost(price.rates)} /> : "—";
}
