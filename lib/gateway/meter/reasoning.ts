import type { Model } from "@/lib/catalog/schema";

/** OpenAI's models that reason only when they are asked to: https://developers.openai.com/api/docs/guides/reasoning */
const OPENAI_UNASKED_NONE = /^gpt-5\.[1-4]($|-)/;

/** Whether a request has its model reason, by its effort or thinking setting, or else by the model's default. */
export function isReasoningAsked(
  { provider, id, reasoning }: Pick<Model, "provider" | "id" | "reasoning">,
  asked: boolean | null,
): boolean {
  if (!reasoning) return false;
  if (asked !== null) return asked;
  // Claude reasons when `thinking` asks for it: https://platform.claude.com/docs/en/build-with-claude/extended-thinking
  return provider !== "anthropic" && !OPENAI_UNASKED_NONE.test(id);
}
