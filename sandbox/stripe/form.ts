export type FormParams = { [name: string]: FormValue };
export type FormValue = string | FormParams | FormValue[];

/** Reads the form encoding of the Stripe SDK: `line_items[0][price_data][currency]=usd`, `expand[]=a`. */
export function parseForm(text: string): FormParams {
  const root: FormParams = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = [
      name.split("[")[0] ?? "",
      ...[...name.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? ""),
    ];
    if (keys.some((key) => key === "__proto__")) continue;
    let at: FormParams = root;
    keys.forEach((key, index) => {
      const place = key === "" ? String(Object.keys(at).length) : key;
      if (index === keys.length - 1) at[place] = value;
      else at = (at[place] ??= {}) as FormParams;
    });
  }
  return toLists(root) as FormParams;
}

/** What is numbered from 0 on is a list. */
function toLists(value: FormValue): FormValue {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, child]) => [name, toLists(child)] as const);
  if (entries.length > 0 && entries.every(([name], index) => name === String(index)))
    return entries.map(([, child]) => child);
  return Object.fromEntries(entries);
}

export const text = (value: FormValue | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;
export const params = (value: FormValue | undefined): FormParams =>
  typeof value === "object" && !Array.isArray(value) ? value : {};
export const list = (value: FormValue | undefined): FormValue[] =>
  Array.isArray(value) ? value : [];
export const flag = (value: FormValue | undefined): boolean => value === "true";
