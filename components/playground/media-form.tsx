"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { Notice } from "@/components/ui/notice";
import { Amount } from "@/components/ui/amount";
import type { PlaygroundModel } from "@/lib/playground/schema";
import type { PlaygroundRequest } from "./build-body";
import type { Answer } from "./conversation";
import { mediaRequest, VOICES } from "./media-request";
import { MediaResult, readResult, type MediaOutput } from "./media-result";
import { Measures } from "./measures";
import { fetchRow, RequestError, sendRequest } from "./send";
import { useMaxCost } from "./use-max-cost";

interface Props {
  model: PlaygroundModel;
  projectId: string;
  onSent: (request: PlaygroundRequest) => void;
}

type MediaAnswer = { answer: Answer; output: MediaOutput | null };

const RUNNING: MediaAnswer = {
  answer: { state: "running", text: "", reasoning: "", calls: [] },
  output: null,
};

/** A simple form for models that make images, speech or embeddings. */
export function MediaForm({ model, projectId, onSent }: Props) {
  const [fields, setFields] = useState<Record<string, string>>({});
  const [result, setResult] = useState<MediaAnswer | null>(null);
  const set = (name: string) => (value: string) => setFields({ ...fields, [name]: value });
  const request = mediaRequest(model, fields);
  const isEmpty = (fields.text ?? "").trim() === "";
  const cost = useMaxCost(isEmpty ? [] : [request]);
  const isRunning = result?.answer.state === "running";
  const send = async () => {
    setResult(RUNNING);
    onSent(request);
    setResult(await run({ request, projectId, onDone: setResult }));
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <form
        className="grid max-w-180 grid-cols-[minmax(0,1fr)] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isEmpty && !isRunning) void send();
        }}
      >
        <Field label={labels[model.kind]} help={helps[model.kind]}>
          {(control) => (
            <Textarea
              {...control}
              rows={4}
              value={fields.text ?? ""}
              onChange={(event) => set("text")(event.target.value)}
              className="resize-y"
            />
          )}
        </Field>
        <Options model={model} fields={fields} set={set} />
        <div className="flex flex-wrap items-center gap-4">
          <Button
            type="submit"
            variant="primary"
            busy={isRunning}
            busyLabel="Sending"
            disabled={isEmpty || cost.kind === "refused" || (cost.kind === "known" && !cost.fits)}
          >
            Send
          </Button>
          <span className="text-sm text-muted">
            {cost.kind === "known" ? (
              <>
                At most <Amount nano={cost.maxCost} as="request" />
              </>
            ) : cost.kind === "refused" ? (
              cost.problem
            ) : (
              "The most it can cost appears as you write"
            )}
          </span>
        </div>
      </form>
      {result === null || isRunning ? null : (
        <section aria-label="Result" className="grid grid-cols-[minmax(0,1fr)] gap-3">
          {result.answer.problem ? (
            <Notice tone="danger" live>
              {result.answer.problem.status}: {result.answer.problem.message}
            </Notice>
          ) : null}
          {result.output === null ? null : <MediaResult output={result.output} />}
          <Measures answer={result.answer} isColumn={false} />
        </section>
      )}
    </div>
  );
}

const labels = { text: "Message", image: "Description", speech: "Text", embedding: "Texts" };
const helps = {
  text: undefined,
  image: "What the image shows.",
  speech: "It is read aloud.",
  embedding: "One a line.",
};

function Options({
  model,
  fields,
  set,
}: {
  model: PlaygroundModel;
  fields: Record<string, string>;
  set: (name: string) => (value: string) => void;
}) {
  const select = (name: string, label: string, values: [value: string, label: string][]) => (
    <span
      onChange={(event) => {
        if (event.target instanceof HTMLSelectElement) set(name)(event.target.value);
      }}
    >
      <NativeSelect
        label={label}
        name={name}
        value={fields[name] ?? ""}
        options={values.map(([value, text]) => ({ value, label: text }))}
      />
    </span>
  );
  if (model.kind === "image" && model.imagesHaveSizes)
    return (
      <div className="flex flex-wrap gap-2">
        {select("size", "Size", [
          ["", "Square"],
          ["1536x1024", "Wide"],
          ["1024x1536", "Tall"],
        ])}
        {select("quality", "Quality", [
          ["", "Low"],
          ["medium", "Medium"],
          ["high", "High"],
        ])}
      </div>
    );
  if (model.kind === "speech")
    return (
      <div className="flex flex-wrap gap-2">
        {select(
          "voice",
          "Voice",
          VOICES.map((voice, index) => [index === 0 ? "" : voice, voice]),
        )}
      </div>
    );
  if (model.kind === "embedding")
    return (
      <Field label="Dimensions" help="Empty: all that the model has.">
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            value={fields.dimensions ?? ""}
            onChange={(event) => set("dimensions")(event.target.value.replaceAll(/\D/g, ""))}
            className="w-40"
          />
        )}
      </Field>
    );
  return null;
}

async function run(input: {
  request: PlaygroundRequest;
  projectId: string;
  onDone: (result: MediaAnswer) => void;
}): Promise<MediaAnswer> {
  const { request, projectId, onDone } = input;
  const startedAt = performance.now();
  const base = RUNNING.answer;
  let requestId: string | undefined;
  let result: MediaAnswer;
  try {
    const response = await sendRequest({
      request,
      projectId,
      signal: new AbortController().signal,
    });
    ({ requestId } = response);
    const output = await readResult(response.response, request.path);
    const totalMs = Math.round(performance.now() - startedAt);
    result = { answer: { ...base, state: "done", totalMs }, output };
  } catch (error) {
    const problem =
      error instanceof RequestError
        ? error.problem
        : { status: 0, message: "The response was interrupted. Try again." };
    requestId = error instanceof RequestError ? error.requestId : requestId;
    result = { answer: { ...base, state: "failed", problem }, output: null };
  }
  onDone(result);
  const row = requestId === undefined ? null : await fetchRow(requestId).catch(() => null);
  return row ? { ...result, answer: { ...result.answer, row } } : result;
}
