import { Field } from "@/components/ui/field";
import type { FormEntries, FormState } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import type { LimitName } from "@/lib/accounts/schema";

/** A text for each limit that has one. */
export type LimitTexts = Partial<Record<LimitName, string>>;

interface Props {
  /** The limits as text; one that is missing is empty. */
  values: LimitTexts;
  input: FormEntries | undefined;
  errors: FormState["errors"];
  /** The help of each field: what is used now, or the limit that applies as well. */
  notes: LimitTexts;
}

const CREDIT_FIELDS: [LimitName, string][] = [
  ["creditsPerDay", "Credits a day"],
  ["creditsPerWeek", "Credits a week"],
  ["creditsPerMonth", "Credits a month"],
  ["creditsTotal", "Credits in total"],
];
const OTHER_FIELDS: [LimitName, string][] = [
  ["requestsPerMinute", "Requests a minute"],
  ["tokensPerMinute", "Tokens a minute"],
  ["maxRequestCost", "Maximum cost of one request"],
];

/** The fields of limits. An empty field sets no limit. */
export function LimitFields({ values, input, errors, notes }: Props) {
  const fieldOf = ([name, label]: [LimitName, string]) => {
    const isMoney = name !== "requestsPerMinute" && name !== "tokensPerMinute";
    return (
      <Field key={name} label={label} help={notes[name]} error={errors[name]}>
        {(control) => (
          <Input
            {...control}
            name={name}
            inputMode={isMoney ? "decimal" : "numeric"}
            {...(isMoney ? { before: "$" } : {})}
            placeholder="No limit"
            autoComplete="off"
            defaultValue={String(input?.[name] ?? values[name] ?? "")}
          />
        )}
      </Field>
    );
  };
  return (
    <fieldset className="grid gap-6">
      <legend className="sr-only">Limits</legend>
      <p className="text-sm text-muted">
        Every limit is hard: a request that does not fit is refused and not charged. Days, weeks
        from Monday and months are UTC. Free requests do not count against credits.
      </p>
      <div className="grid grid-cols-2 gap-6 max-md:grid-cols-1">
        {CREDIT_FIELDS.map(fieldOf)}
        {OTHER_FIELDS.map(fieldOf)}
      </div>
    </fieldset>
  );
}
