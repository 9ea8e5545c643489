export type Params = { [name: string]: Value };
export type Value = string | Params | Value[];

/** Reads the form encoding of the Stripe SDK: `line_items[0][price_data][currency]=usd`, `expand[]=a`. */
export function parseForm(text: string): Params {
  const root: Params = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = [
      name.split("[")[0] ?? "",
      ...[...name.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? ""),
    ];
    if (keys.some((key) => key === "__proto__")) continue;
    let at: Params = root;
    keys.forEach((key, index) => {
      const place = key === "" ? String(Object.keys(at).length) : key;
      if (index === keys.length - 1) at[place] = value;
      else at = (at[place] ??= {}) as Params;
    });
  }
  return toLists(root) as Params;
}

/** What is numbered from 0 on is a list. */
function toLists(value: Value): Value {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, toLists(each)] as const);
  if (entries.length > 0 && entries.every(([name], index) => name === String(index)))
    return entries.map(([, each]) => each);
  return Object.fromEntries(entries);
}

export const text = (value: Value | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;
export const params = (value: Value | undefined): Params =>
  typeof value === "object" && !Array.isArray(value) ? value : {};
export const list = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);
export const flag = (value: Value | undefined): boolean => value === "true";
