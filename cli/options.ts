import { AppError } from "@/lib/errors";

/** The options of a command, by their names without dashes. */
export type Options = Record<string, string | undefined>;

/** The value of an option that a command cannot do without. Throws AppError: bad_request. */
export function need(options: Options, name: string): string {
  const value = options[name];
  if (!value) throw new AppError("bad_request", `Give --${name}.`);
  return value;
}
