import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { formatCount } from "@/lib/format";
import type { PlaygroundModel } from "@/lib/playground/schema";
import { BUDGET_MIN } from "./messages-body";
import {
  NumberParameter,
  OptionalNumber,
  ResetParameter,
  UnsetParameter,
} from "./number-parameter";
import { parseSchema, parseTools, type PlaygroundSettings } from "./settings";

interface Props {
  models: PlaygroundModel[];
  settings: PlaygroundSettings;
  onChange: (settings: PlaygroundSettings) => void;
}

/** The parameters that at least one of the models takes, within the bounds of all of them. */
export function Parameters({ models, settings, onChange }: Props) {
  const set = (part: Partial<PlaygroundSettings>) => onChange({ ...settings, ...part });
  const maxOutput = Math.min(...models.map((model) => model.maxOutput));
  const taking = (takes: (model: PlaygroundModel) => boolean) => models.filter(takes);
  const temperature = taking((model) => model.temperatureMax !== null);
  const temperatureMax = Math.min(...temperature.map((model) => model.temperatureMax ?? 2));
  const efforts = taking((model) => model.efforts.length > 0);
  const formats = taking((model) => model.formats.length > 1);
  const offeredFormats = (["text", "json", "schema"] as const).filter((format) =>
    models.some((model) => model.formats.includes(format)),
  );
  const schema = settings.format === "schema" ? parseSchema(settings.schema) : null;
  const missing = (takers: PlaygroundModel[]) =>
    takers.length === models.length
      ? undefined
      : `Sent to ${takers.map(({ name }) => name).join(", ")} only.`;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <NumberParameter
        label="Maximum output"
        min={1}
        max={maxOutput}
        step={1}
        unit="tokens"
        isScaled
        value={Math.min(settings.maxOutput, maxOutput)}
        onChange={(value) => set({ maxOutput: value ?? 1 })}
      />
      {efforts.length === 0 ? null : (
        <Choice label="Reasoning" note={reasoningNote(models, settings) ?? missing(efforts)}>
          <Segmented
            label="Reasoning"
            size="sm"
            block
            value={settings.effort ?? "auto"}
            options={["auto", "low", "medium", "high"].map((value) => ({
              value,
              label: value === "auto" ? "Auto" : value[0]?.toUpperCase() + value.slice(1),
            }))}
            onChange={(value) => set({ effort: value === "auto" ? undefined : value })}
          />
        </Choice>
      )}
      {temperature.length === 0 ? null : (
        <OptionalNumber
          label="Temperature"
          min={0}
          max={temperatureMax}
          step={0.1}
          first={Math.min(1, temperatureMax)}
          value={settings.temperature}
          note={missing(temperature)}
          onChange={(value) => set({ temperature: value })}
        />
      )}
      {taking((model) => model.takesTopP).length === 0 ? null : (
        <OptionalNumber
          label="Top P"
          min={0}
          max={1}
          step={0.05}
          first={1}
          value={settings.topP}
          note={missing(taking((model) => model.takesTopP))}
          onChange={(value) => set({ topP: value })}
        />
      )}
      {taking((model) => model.takesTopK).length === 0 ? null : (
        <OptionalNumber
          label="Top K"
          min={1}
          max={500}
          step={1}
          first={40}
          value={settings.topK}
          note={missing(taking((model) => model.takesTopK))}
          onChange={(value) => set({ topK: value })}
        />
      )}
      {taking((model) => model.takesStop).length === 0 ? null : (
        <StopSequences value={settings.stop} onChange={(stop) => set({ stop })} />
      )}
      {formats.length === 0 ? null : (
        <Choice label="Response format" note={missing(formats)}>
          <Segmented
            label="Response format"
            size="sm"
            block
            value={settings.format}
            options={offeredFormats.map((value) => ({ value, label: names[value] }))}
            onChange={(format) => set({ format })}
          />
        </Choice>
      )}
      {schema === null ? null : (
        <Field label="JSON schema" problem={schema.problem}>
          {(control) => (
            <JsonText
              {...control}
              rows={8}
              value={settings.schema}
              onChange={(event) => set({ schema: event.target.value })}
            />
          )}
        </Field>
      )}
      <Tools models={models} settings={settings} onChange={(tools) => set({ tools })} />
    </div>
  );
}

/** Texts at which a response ends: sent only when they are set. */
function StopSequences({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  if (value === undefined)
    return <UnsetParameter label="Stop sequences" bounds="up to 4" onSet={() => onChange("")} />;
  return (
    <div className="grid gap-1">
      <Field label="Stop sequences" help="One a line, up to 4.">
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className="font-mono text-sm"
          />
        )}
      </Field>
      <ResetParameter label="Stop sequences" onReset={() => onChange(undefined)} />
    </div>
  );
}

/** What an effort means for the models that take it as thinking and sampling parameters otherwise. */
function reasoningNote(models: PlaygroundModel[], settings: PlaygroundSettings) {
  if (settings.effort === undefined) return undefined;
  const thinkers = models.filter(
    ({ dialect, efforts, temperatureMax }) =>
      dialect === "messages" && efforts.length > 0 && temperatureMax !== null,
  );
  const withBudget = thinkers.filter(({ thinking }) => thinking === "budget");
  const namesOf = (some: PlaygroundModel[]) => some.map(({ name }) => name).join(", ");
  if (withBudget.length > 0 && settings.maxOutput <= BUDGET_MIN)
    return `${namesOf(withBudget)}: no reasoning below a maximum output of ${formatCount(BUDGET_MIN + 1)} tokens.`;
  return thinkers.length === 0
    ? undefined
    : `${namesOf(thinkers)}: sent without temperature, top P and top K.`;
}

const names = { text: "Text", json: "JSON", schema: "Schema" };

function Tools({
  models,
  settings,
  onChange,
}: Omit<Props, "onChange"> & { onChange: (tools: string) => void }) {
  if (!models.some(({ takesTools }) => takesTools)) return null;
  const { tools, problem } = parseTools(settings.tools);
  return (
    <Field
      label={
        <span className="flex justify-between gap-3">
          Tools{" "}
          <span className="text-xs font-normal text-muted">
            {tools.length === 0
              ? "none"
              : `${tools.length} ${tools.length === 1 ? "function" : "functions"}`}
          </span>
        </span>
      }
      problem={problem}
      help={
        tools.length === 0
          ? "A list of functions, each with a JSON schema. You enter their results."
          : `Valid. The model may call ${tools.map(({ name }) => name).join(", ")}. You enter the result.`
      }
    >
      {(control) => (
        <JsonText
          {...control}
          rows={6}
          placeholder={TOOLS_EXAMPLE}
          value={settings.tools}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

const TOOLS_EXAMPLE = `[{ "name": "get_order",
   "description": "An order by its id",
   "parameters": { … } }]`;

function JsonText(props: React.ComponentProps<typeof Textarea>) {
  return <Textarea {...props} spellCheck={false} className="resize-y font-mono text-xs/5" />;
}

function Choice({
  label,
  note,
  children,
}: {
  label: string;
  note: string | undefined;
  children: React.ReactNode;
}) {
  return (
    <div className="grid gap-1.5">
      <span aria-hidden="true" className="text-sm/4 font-medium">
        {label}
      </span>
      {children}
      {note === undefined ? null : <p className="text-xs text-muted">{note}</p>}
    </div>
  );
}
