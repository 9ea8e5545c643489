/** What differs from the catalog, one of each case: a new model, one that is gone, one with another end, one with another price. */
export const CASES = {
  fresh: "gpt-6.3-sol",
  gone: "grok-4.5",
  ending: { id: "gpt-5.2", on: "2027-06-30" },
  price: { id: "claude-haiku-4-5-20251001", output: 4 },
} as const;
