import { Field } from "@/components/ui/field";
import type { FormState } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";

interface Props {
  /** What the form's action returned. */
  state: FormState;
  help?: string;
}

/** The end of an operator's form about an account: the reason that is recorded, and what is wrong with none of its fields. */
export function ReasonField({ state: { errors, entered: input }, help }: Props) {
  const otherError = errors.form ?? errors.grant ?? errors.accountId;
  return (
    <>
      <Field label="Reason" help={help} error={errors.reason}>
        {(control) => (
          <Input
            {...control}
            name="reason"
            maxLength={250}
            autoComplete="off"
            defaultValue={String(input?.reason ?? "")}
          />
        )}
      </Field>
      {otherError ? (
        <Notice tone="danger" live>
          {otherError}
        </Notice>
      ) : null}
    </>
  );
}
