"use client";

import Link from "next/link";
import { useActionState, useEffect, useRef } from "react";
import { Button, buttonStyle } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";

interface Props {
  action: FormAction;
  projectId: string;
  /** As the form's own fields: text, and the ids of the selected models. */
  values: {
    requestsPerMinute: string;
    creditsPerMonth: string;
    addresses: string;
    origins: string;
    models: string[];
    priceGuard: boolean;
  };
  /** "$50.87 of November is charged or held already and counts." */
  monthSoFar: string;
  /** The day on which the price guard was set; null when it is off. */
  guardDay: string | null;
  groups: { provider: string; models: { id: string; name: string }[] }[];
}

/** Edits the limits of a project. An empty field sets no limit; input stays in the form when it is rejected. */
export function LimitsForm({ action, projectId, values, monthSoFar, guardDay, groups }: Props) {
  const [{ errors, entered: input }, send, pending] = useActionState(action, UNSENT_FORM);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [errors]);
  const valueOf = (name: "requestsPerMinute" | "creditsPerMonth" | "addresses" | "origins") =>
    String(input?.[name] ?? values[name]);
  const selectedModels = input ? [input.models ?? []].flat() : values.models;
  return (
    <form
      ref={form}
      action={send}
      key={input && JSON.stringify(input)}
      className="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-6"
    >
      <input type="hidden" name="projectId" value={projectId} />
      <div className="grid grid-cols-2 gap-6 max-md:grid-cols-1">
        <Field label="Credits a month" help={monthSoFar} error={errors.creditsPerMonth}>
          {(control) => (
            <Input
              {...control}
              name="creditsPerMonth"
              inputMode="decimal"
              before="$"
              placeholder="No limit"
              autoComplete="off"
              defaultValue={valueOf("creditsPerMonth")}
            />
          )}
        </Field>
        <Field
          label="Requests a minute"
          help="Counted from the full minute on, free requests too."
          error={errors.requestsPerMinute}
        >
          {(control) => (
            <Input
              {...control}
              name="requestsPerMinute"
              inputMode="numeric"
              placeholder="No limit"
              autoComplete="off"
              defaultValue={valueOf("requestsPerMinute")}
            />
          )}
        </Field>
      </div>
      <Field
        label="Client addresses"
        help="One a line: an address such as 203.0.113.7, or a range such as 203.0.113.0/24. Empty: any address."
        error={errors.addresses}
      >
        {(control) => (
          <Textarea
            {...control}
            name="addresses"
            rows={3}
            spellCheck={false}
            className="font-mono text-sm"
            defaultValue={valueOf("addresses")}
          />
        )}
      </Field>
      <Field
        label="Websites"
        help="One a line: an origin such as https://app.example.com, whose scripts may use the key. Empty: any website. Requests of programs that are no browser are not affected."
        error={errors.origins}
      >
        {(control) => (
          <Textarea
            {...control}
            name="origins"
            rows={2}
            spellCheck={false}
            className="font-mono text-sm"
            defaultValue={valueOf("origins")}
          />
        )}
      </Field>
      <div className="grid gap-1.5">
        <Checkbox
          name="priceGuard"
          value="on"
          defaultChecked={input ? input.priceGuard === "on" : values.priceGuard}
        >
          Price guard
        </Checkbox>
        <p className="text-sm text-muted">
          {guardDay === null
            ? "Rejects a request with 402 when its model costs more than on the day you turn this on."
            : `Set on ${guardDay}: a request whose model costs more than on that day is rejected with 402. To accept today’s prices, turn it off, save, and turn it on again.`}
        </p>
      </div>
      <fieldset className="grid grid-cols-[minmax(0,1fr)] gap-2">
        <legend className="mb-1.5 text-sm/4 font-medium">Models</legend>
        <p className="text-sm text-muted">
          Without a selection all models are allowed, including models added later.
        </p>
        {errors.models === undefined ? null : <Notice tone="danger">{errors.models}</Notice>}
        <div className="divide-y divide-line rounded-lg border border-line">
          {groups.map(({ provider, models }) => (
            <details
              key={provider}
              open={models.some(({ id }) => selectedModels.includes(id))}
              className="px-4 py-2.5"
            >
              <summary className="text-base font-medium">
                {provider}{" "}
                <span className="text-sm font-normal text-muted">{models.length} models</span>
              </summary>
              <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1.5 pb-1 max-md:grid-cols-1">
                {models.map(({ id, name }) => (
                  <Checkbox
                    key={id}
                    name="models"
                    value={id}
                    defaultChecked={selectedModels.includes(id)}
                  >
                    {name} <span className="font-mono text-xs break-all text-muted">{id}</span>
                  </Checkbox>
                ))}
              </div>
            </details>
          ))}
        </div>
      </fieldset>
      {errors.form ? (
        <Notice tone="danger" live>
          {errors.form}
        </Notice>
      ) : null}
      <span className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" busy={pending} busyLabel="Saving">
          Save limits
        </Button>
        <Link
          href={`/dashboard/projects/${projectId}`}
          className={buttonStyle({ variant: "ghost" })}
        >
          Cancel
        </Link>
      </span>
    </form>
  );
}
