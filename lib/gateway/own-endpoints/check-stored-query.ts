import { AppError } from "@/lib/errors";

const ID = /^[\w-]{1,200}$/;
const INCLUDE = /^[a-z_]{1,40}(\.[a-z_[\]]{1,40}){0,4}$/;

/**
 * The query of a stored response and of its input items, with the values that each parameter may have. A parameter that is not
 * listed could be one that a provider obeys and OneKey does not see. `stream` is for responses that run in the background, which
 * are not supported. https://platform.openai.com/docs/api-reference/responses/get
 */
const RESPONSE: Record<string, RegExp> = { include: INCLUDE, "include[]": INCLUDE };
const INPUT_ITEMS: Record<string, RegExp> = {
  ...RESPONSE,
  after: ID,
  before: ID,
  limit: /^([1-9]\d?|100)$/,
  order: /^(asc|desc)$/,
};

export function checkStoredQuery(
  query: string,
  { rest: subpath, method }: { rest: "" | "/input_items"; method: "GET" | "DELETE" },
): void {
  const parameters = subpath === "/input_items" ? INPUT_ITEMS : method === "GET" ? RESPONSE : {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "key") continue;
    if (Object.hasOwn(parameters, name) && parameters[name]?.test(value)) continue;
    const param = name.slice(0, 64);
    throw new AppError(
      "bad_request",
      `The query parameter ${JSON.stringify(param)} is not supported with this value. Leave it out.`,
      { param },
    );
  }
}
