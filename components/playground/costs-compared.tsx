import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { Table, Td, Th } from "@/components/ui/table";

/** The costs of one prompt at several models, lowest first. */
export function CostsCompared({ costs }: { costs: { id: string; name: string; cost: number }[] }) {
  const ascending = costs.toSorted((a, b) => a.cost - b.cost);
  const lowest = ascending[0]?.cost ?? 0;
  const highest = ascending.at(-1)?.cost ?? 0;
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  return (
    <Section title="Costs compared">
      <Table edge="flush" caption="Cost of this prompt by model">
        <thead>
          <tr>
            <Th>Model</Th>
            <Th wide>
              <span className="sr-only">Bar</span>
            </Th>
            <Th num>This request</Th>
            <Th num>1,000 of them</Th>
            <Th num wide>
              Against the lowest
            </Th>
          </tr>
        </thead>
        <tbody>
          {ascending.map(({ id, name, cost }) => (
            <tr key={id}>
              <Td>{name}</Td>
              <Td wide className="w-2/5">
                <svg aria-hidden="true" height="12" className="w-full">
                  <rect
                    width={`${highest === 0 ? 0 : Math.max(1, (cost / highest) * 100)}%`}
                    height="12"
                    className="fill-chart-1"
                  />
                </svg>
              </Td>
              <Td num>
                <Amount nano={cost} as="request" />
              </Td>
              <Td num>
                <Amount nano={cost * 1_000} as="price" />
              </Td>
              <Td num wide>
                {lowest === 0 ? "—" : `${(cost / lowest).toFixed(1)}×`}
              </Td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <Td>Total</Td>
            <Td wide />
            <Td num>
              <Amount nano={total} as="request" />
            </Td>
            <Td num>
              <Amount nano={total * 1_000} as="price" />
            </Td>
            <Td wide />
          </tr>
        </tfoot>
      </Table>
    </Section>
  );
}
