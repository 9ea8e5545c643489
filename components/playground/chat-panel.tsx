"use client";

import { useId, useRef, useState } from "react";
import { Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/format";
import type { PlaygroundModel } from "@/lib/playground/schema";
import { readFiles } from "./attachments";
import { buildRequest } from "./build-body";
import { Composer } from "./composer";
import { historyOf, openCalls, type Attachment, type Column } from "./conversation";
import { CostNotice } from "./cost-notice";
import { CostsCompared } from "./costs-compared";
import { parseSchema, parseTools, type PlaygroundSettings } from "./settings";
import { TurnView } from "./turn-view";
import { useMaxCost } from "./use-max-cost";
import type { usePlayground } from "./use-playground";

interface Props {
  columns: Column[];
  models: Map<string, PlaygroundModel>;
  settings: PlaygroundSettings;
  onSettings: (settings: PlaygroundSettings) => void;
  projectId: string;
  playground: ReturnType<typeof usePlayground>;
}

/** The conversation with one to four models, and the message to all of them. */
export function ChatPanel(props: Props) {
  const { columns, models, settings, onSettings, projectId, playground } = props;
  const { turns, isRunning, send, stop } = playground;
  const [text, setText] = useState("");
  const [attachments, setAttachments] = useState<Attachment[]>([]);
  const [problems, setProblems] = useState<string[]>([]);
  const [isDropTarget, setDropTarget] = useState(false);
  const depth = useRef(0);
  const visibleModels = columns.flatMap(({ model }) => models.get(model) ?? []);
  const isWaiting = columns.some(({ id }) => openCalls(turns, id).length > 0);
  const isEmpty = text.trim() === "" && attachments.length === 0;
  const message = { kind: "message" as const, text: text.trim(), attachments };
  const hasProblem =
    parseTools(settings.tools).problem !== null ||
    (settings.format === "schema" && parseSchema(settings.schema).problem !== null);
  const requests =
    isEmpty || hasProblem
      ? []
      : columns.flatMap(({ id, model: modelId }) => {
          const model = models.get(modelId);
          return model
            ? [buildRequest({ model, settings, history: historyOf(turns, id), next: message })]
            : [];
        });
  const cost = useMaxCost(requests);
  const fits = cost.kind === "known" ? cost.fits : cost.kind !== "refused";
  const canSend = !isEmpty && !hasProblem && !isRunning && !isWaiting && fits;

  const takeFiles = async (files: File[]) => {
    const result = await readFiles({ files, models: visibleModels, present: attachments });
    setAttachments([...attachments, ...result.attachments]);
    setProblems(result.problems);
  };
  const sendMessage = () => {
    setText("");
    setAttachments([]);
    setProblems([]);
    void send({ columns, models, settings, projectId, input: message });
  };

  return (
    <div
      className={`grid grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr_auto] gap-5 rounded-lg ${isDropTarget ? "outline-2 outline-offset-4 outline-accent" : ""}`}
      onDragEnter={(event) => {
        event.preventDefault();
        depth.current++;
        setDropTarget(true);
      }}
      onDragOver={(event) => event.preventDefault()}
      onDragLeave={() => {
        if (--depth.current <= 0) setDropTarget(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        depth.current = 0;
        setDropTarget(false);
        void takeFiles([...event.dataTransfer.files]);
      }}
    >
      <SystemPrompt settings={settings} onSettings={onSettings} />
      <div
        role="log"
        aria-label="Conversation"
        className="grid grid-cols-[minmax(0,1fr)] content-start gap-6"
      >
        {turns.length === 0 ? (
          <p className="text-muted">
            Write a message below. Add a model to compare up to four side by side. Drop images and
            files anywhere here.
          </p>
        ) : (
          turns.map((turn) => (
            <TurnView key={turn.id} {...props} turn={turn} isLast={turn === turns.at(-1)} />
          ))
        )}
        <Compared {...props} />
      </div>
      <div className="sticky bottom-0 grid grid-cols-[minmax(0,1fr)] gap-2 bg-bg">
        {problems.length === 0 ? null : (
          <Notice tone="danger" live>
            {problems.join(" ")}
          </Notice>
        )}
        <CostNotice cost={cost} settings={settings} onSettings={onSettings} />
        <Composer
          text={text}
          onText={setText}
          attachments={attachments}
          onFiles={(files) => void takeFiles(files)}
          onRemove={(id) => setAttachments(attachments.filter((file) => file.id !== id))}
          cost={cost}
          requests={columns.length}
          isRunning={isRunning}
          canSend={canSend}
          onSend={sendMessage}
          onStop={stop}
        />
      </div>
    </div>
  );
}

function SystemPrompt({ settings, onSettings }: Pick<Props, "settings" | "onSettings">) {
  const id = useId();
  return (
    <div className="grid gap-1 rounded-lg border border-line px-3.5 py-2.5 focus-within:border-accent">
      <div className="flex justify-between gap-3 text-sm">
        <label htmlFor={id} className="font-medium">
          System prompt
        </label>
        <span className="text-muted tabular-nums">
          {formatCount(settings.system.length)} characters
        </span>
      </div>
      <Textarea
        id={id}
        rows={1}
        value={settings.system}
        placeholder="Optional. Sent with every message."
        onChange={(event) => onSettings({ ...settings, system: event.target.value })}
        className="field-sizing-content max-h-40 rounded-none border-0 p-0 outline-none"
      />
    </div>
  );
}

/** The costs of the last message, once every model has a row for it. */
function Compared({ columns, models, playground: { turns } }: Props) {
  const last = turns.at(-1);
  if (columns.length < 2 || last?.input.kind !== "message") return null;
  const costs = columns.flatMap(({ id, model }) => {
    const row = last.answers[id]?.row;
    return row ? [{ id, name: models.get(model)?.name ?? model, cost: row.cost }] : [];
  });
  return costs.length === columns.length ? <CostsCompared costs={costs} /> : null;
}
