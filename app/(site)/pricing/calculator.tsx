"use client";

import { ChevronsUpDown } from "lucide-react";
import { useState } from "react";
import { Amount } from "@/components/ui/amount";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { Rates } from "@/lib/catalog/schema";
import { costOf } from "@/lib/catalog/cost";
import { formatCount } from "@/lib/format";
import { nano } from "@/lib/money";

export interface CalculatorModel {
  id: string;
  name: string;
  provider: string;
  rates: Rates;
}

const counts = { input: "1,000", cached: "0", output: "500", requests: "1,000" };
type TokenCounts = typeof counts;
const MAX: Record<keyof TokenCounts, number> = {
  input: 10_000_000,
  cached: 10_000_000,
  output: 1_000_000,
  requests: 1_000_000,
};

/** What requests cost, worked out in the page by the function that bills them. */
export function Calculator({ models, start }: { models: CalculatorModel[]; start: string }) {
  const [id, setId] = useState(start);
  const [inputs, setTyped] = useState<TokenCounts>(counts);
  const model = models.find((candidate) => candidate.id === id) ?? models[0];
  if (model === undefined) return null;
  const count = (name: keyof TokenCounts) => numberOf(inputs[name]);
  const errors = Object.fromEntries(
    (Object.keys(counts) as (keyof TokenCounts)[]).map((name) => [
      name,
      problemOf(count(name), MAX[name]),
    ]),
  );
  const [input, cacheRead, output, requests] = [
    count("input"),
    count("cached"),
    count("output"),
    count("requests"),
  ];
  if (cacheRead > input) errors.cached ??= "Cached tokens are part of the input.";
  const valid = Object.values(errors).every((error) => error === null);
  const usage = {
    input: input - cacheRead,
    cacheRead: cacheRead,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output,
    reasoning: 0,
  };
  const one = valid ? costOf({ rates: model.rates, usage }) : null;
  const tier = model.rates.tiers?.findLast(({ aboveInputTokens }) => input > aboveInputTokens);
  const field = (name: keyof TokenCounts, label: string) => (
    <Field label={label} problem={errors[name]}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          autoComplete="off"
          value={inputs[name]}
          maxLength={12}
          onChange={(event) => setTyped({ ...inputs, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div className="grid grid-cols-4 gap-4 p-4 max-lg:grid-cols-2 noscript:hidden max-md:grid-cols-1">
        <div className="col-span-full">
          <Field label="Model">
            {(control) => (
              <span className="relative block">
                <select
                  {...control}
                  value={model.id}
                  onChange={(event) => setId(event.target.value)}
                  className="h-control w-full appearance-none rounded-md border border-line-control bg-bg pr-8 pl-2.5 text-base hover:border-muted [&>option]:bg-popup"
                >
                  {models.map((candidate) => (
                    <option key={candidate.id} value={candidate.id}>
                      {candidate.provider} · {candidate.name}
                    </option>
                  ))}
                </select>
                <ChevronsUpDown
                  aria-hidden="true"
                  className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 stroke-[1.75] text-muted"
                />
              </span>
            )}
          </Field>
        </div>
        {field("input", "Input tokens a request")}
        {field("cached", "Of them cached")}
        {field("output", "Output tokens a request")}
        {field("requests", "Requests")}
      </div>
      <output
        aria-live="polite"
        className="grid gap-1 border-t border-line bg-quiet px-4 py-3.5 noscript:border-t-0"
      >
        {one === null ? (
          <span className="text-base text-muted">Put the figures above right to see the cost.</span>
        ) : (
          <>
            <span className="flex flex-wrap items-baseline justify-between gap-x-4 text-base">
              <span>
                {formatCount(requests)} {requests === 1 ? "request" : "requests"} to {model.name}
              </span>
              <span className="text-xl font-medium">
                {Number.isSafeInteger(one * requests) ? (
                  <Amount nano={nano(one * requests)} />
                ) : (
                  "over $9,000,000"
                )}
              </span>
            </span>
            <span className="flex flex-wrap justify-between gap-x-4 text-sm text-muted">
              <span>
                {formatCount(input)} tokens in, {formatCount(cacheRead)} of them cached,{" "}
                {formatCount(output)} out
              </span>
              <span>
                <Amount nano={one} as="request" /> each
              </span>
            </span>
            {tier === undefined ? null : (
              <span className="text-sm text-muted">
                Above {formatCount(tier.aboveInputTokens)} tokens of input, the entire request is
                billed at the higher price.
              </span>
            )}
          </>
        )}
      </output>
    </div>
  );
}

function numberOf(text: string): number {
  const digits = text.replaceAll(/[,\s]/g, "");
  return /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN;
}

function problemOf(value: number, max: number): string | null {
  return Number.isNaN(value) || value > max ? `A whole number up to ${formatCount(max)}.` : null;
}
