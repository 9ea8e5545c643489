"use client";

import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
import { formatUsd } from "@/lib/format";
import { feeOn, parseCredits } from "@/lib/money";

interface Props {
  action: FormAction;
  packs: readonly string[];
  /** The amount that the form begins with, such as "25.00". */
  first?: string | undefined;
  /** Nano-credits. */
  min: number;
  max: number;
  fee: { bps: number; fixed: number };
}

/**
 * Chooses an amount and opens the payment page. The server validates the amount again; credits come from the payment.
 */
export function BuyForm({ action, packs, first, min, max, fee }: Props) {
  const [state, submit, busy] = useActionState(action, UNSENT_FORM);
  const [text, setText] = useState(first ?? `${packs[2] ?? "50"}.00`);
  const [hasChanged, setTouched] = useState(false);
  const amount = read(text, { min, max });
  const feeAmount = amount === null ? null : feeOn(amount, fee);
  return (
    <form action={submit} onSubmit={() => setTouched(false)} noValidate className="grid gap-4">
      <div className="grid gap-1.5">
        <span className="text-sm/4 font-medium">Amount</span>
        <Segmented
          label="Amount"
          block
          options={packs.map((pack) => ({ value: pack, label: `$${pack}` }))}
          value={packs.find((pack) => amount === parseCredits(pack)) ?? ""}
          onChange={(pack) => {
            setText(`${pack}.00`);
            setTouched(true);
          }}
        />
      </div>
      <Field
        label="Or another amount"
        help={`From ${formatUsd(min)} to ${formatUsd(max)}`}
        error={hasChanged ? null : state.errors.amount}
      >
        {(control) => (
          <Input
            {...control}
            name="amount"
            before="$"
            inputMode="decimal"
            autoComplete="off"
            className="tabular-nums"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setTouched(true);
            }}
          />
        )}
      </Field>
      {amount !== null && feeAmount !== null && feeAmount > 0 ? (
        <p className="text-sm text-muted tabular-nums">
          {formatUsd(amount)} of credits + {formatUsd(feeAmount)} purchase fee. Tax, if any, is
          added on the next page.
        </p>
      ) : null}
      <Checkbox name="keepCard">Keep this card for automatic top-up</Checkbox>
      {state.errors.form ? (
        <Notice tone="danger" live>
          {state.errors.form}
        </Notice>
      ) : null}
      <Button type="submit" variant="primary" block busy={busy} busyLabel="Opening Stripe">
        {amount === null || feeAmount === null ? "Pay" : `Pay ${formatUsd(amount + feeAmount)}`}
      </Button>
    </form>
  );
}

/** The amount for the button's label; null when the server would reject it. */
function read(text: string, { min, max }: { min: number; max: number }): number | null {
  const plain = text.trim().replace(/^\$/, "").replaceAll(",", "");
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return null;
  const amount = parseCredits(plain);
  return amount < min || amount > max ? null : amount;
}
