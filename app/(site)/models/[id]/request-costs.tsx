import { Amount } from "@/components/ui/amount";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { costOf } from "@/lib/catalog/cost";
import { NO_USAGE, type Rates } from "@/lib/catalog/schema";
import { formatCount, formatUsd } from "@/lib/format";

const CHAT_TURN = {
  name: "Chat turn",
  text: "A question and a short answer",
  input: 1_200,
  cached: 0,
  output: 350,
};

const requests = [
  CHAT_TURN,
  {
    name: "Support answer",
    text: "A system prompt of 12,000 tokens, cached",
    input: 800,
    cached: 12_000,
    output: 400,
  },
  {
    name: "Agent step",
    text: "60,000 tokens of context, cached",
    input: 2_000,
    cached: 60_000,
    output: 800,
  },
  {
    name: "PDF, 20 pages",
    text: "Read once and summarized",
    input: 32_000,
    cached: 0,
    output: 1_000,
  },
];

/** What usual requests cost, by the function that bills them. */
export function RequestCosts({ rates }: { rates: Rates }) {
  return (
    <Table size="page" edge="flush" caption="Cost of usual requests">
      <thead>
        <tr>
          <Th>Request</Th>
          <Th num wide>
            Input
          </Th>
          <Th num wide>
            Cached
          </Th>
          <Th num wide>
            Output
          </Th>
          <Th num>Cost</Th>
          <Th num>1,000 of them</Th>
        </tr>
      </thead>
      <tbody>
        {requests.map(({ name, text, ...tokens }) => {
          const cost = costOfRequest(rates, tokens);
          return (
            <tr key={name}>
              <Td>
                {name}
                <Sub>{text}</Sub>
              </Td>
              <Td num wide>
                {formatCount(tokens.input)}
              </Td>
              <Td num wide muted={tokens.cached === 0}>
                {formatCount(tokens.cached)}
              </Td>
              <Td num wide>
                {formatCount(tokens.output)}
              </Td>
              <Td num>
                <Amount as="request" nano={cost} />
              </Td>
              <Td num>{formatUsd(cost * 1_000)}</Td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

type RequestTokens = { input: number; cached: number; output: number };

const costOfRequest = (rates: Rates, tokens: RequestTokens): number =>
  costOf({
    rates,
    usage: { ...NO_USAGE, input: tokens.input, cacheRead: tokens.cached, output: tokens.output },
  });

/** What the first of the usual requests costs, to compare models with. */
export const chatTurnCost = (rates: Rates): number => costOfRequest(rates, CHAT_TURN);
