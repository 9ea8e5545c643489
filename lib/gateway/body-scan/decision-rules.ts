import { contentPartRule } from "./media";
import { item, promptCacheOptions } from "./openai-rules";
import { rootRule } from "./root-rule";
import { objectRule, UNCHECKED } from "./stored-fields";

/** A question: its instructions are a text or parts, its choices and levels are texts of the caller. */
const question = objectRule({
  instructions: { items: contentPartRule({ data: UNCHECKED }) },
  choices: UNCHECKED,
  levels: UNCHECKED,
});

/** OpenAI's decisions. https://developers.openai.com/api/reference/resources/decisions/methods/create */
export const decisions = rootRule({
  prompt_cache_options: promptCacheOptions,
  input: { items: item },
  questions: { items: question },
});
