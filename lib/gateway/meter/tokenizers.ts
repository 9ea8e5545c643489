import type { Model } from "@/lib/catalog/schema";

/**
 * How many tokens a model's own tokenizer makes of one of o200k, for English and code. OpenAI's current models use o200k.
 * Anthropic's tokenizers are not published: canceled streams whose usage was known later had 1.54 times the count of o200k at
 * the models with the newer one (from Claude Opus 4.7 on, up to 1.35 times the earlier one by
 * https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-7), which makes 1.2 for the earlier one.
 */
export function tokensPerO200k({ provider, id }: Pick<Model, "provider" | "id">): number {
  if (provider !== "anthropic") return 1;
  return /^claude-(3|(haiku|sonnet|opus)-4($|-[0-6]($|-)|-\d{8}))/.test(id) ? 1.2 : 1.5;
}
