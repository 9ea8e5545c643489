import { FileText } from "lucide-react";
import type { PlaygroundModel } from "@/lib/playground/schema";
import { AnswerView } from "./answer-view";
import type { Attachment, Column, Turn } from "./conversation";
import type { PlaygroundSettings } from "./settings";
import type { usePlayground } from "./use-playground";

interface Props {
  turn: Turn;
  isLast: boolean;
  columns: Column[];
  models: Map<string, PlaygroundModel>;
  settings: PlaygroundSettings;
  projectId: string;
  playground: ReturnType<typeof usePlayground>;
}

/** A message, or the results of calls, with the answer of each column. */
export function TurnView({
  turn,
  isLast,
  columns,
  models,
  settings,
  projectId,
  playground,
}: Props) {
  const { input, answers } = turn;
  const visibleColumns = columns.filter(({ id }) => answers[id] !== undefined);
  const isCompared = visibleColumns.length > 1;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      {input.kind === "message" ? (
        <Message {...input} />
      ) : (
        <p className="max-w-[85%] justify-self-end rounded-lg bg-quiet px-3.5 py-2.5 text-sm wrap-anywhere">
          <span className="text-muted">
            Result of {input.results.map(({ name }) => name).join(", ")}:
          </span>{" "}
          <span className="font-mono">
            {input.results.map(({ content }) => content).join("\n")}
          </span>
        </p>
      )}
      <div
        className={
          isCompared
            ? "grid divide-line rounded-lg border border-line max-md:divide-y md:auto-cols-fr md:grid-flow-col md:divide-x"
            : ""
        }
      >
        {visibleColumns.map((column) => {
          const answer = answers[column.id];
          const name = models.get(column.model)?.name ?? column.model;
          return answer === undefined ? null : (
            <div key={column.id} className={isCompared ? "grid min-w-0 gap-2 p-3.5" : ""}>
              {isCompared ? <h2 className="text-sm font-medium">{name}</h2> : null}
              <AnswerView
                name={name}
                answer={answer}
                isColumn={isCompared}
                onResults={
                  isLast && answer.state === "done" && !playground.isRunning
                    ? (results) =>
                        void playground.send({
                          columns: [column],
                          models,
                          settings,
                          projectId,
                          input: { kind: "results", column: column.id, results },
                        })
                    : undefined
                }
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Message({ text, attachments }: { text: string; attachments: Attachment[] }) {
  return (
    <div className="grid max-w-[85%] gap-2 justify-self-end rounded-lg bg-quiet px-3.5 py-2.5">
      {attachments.map(({ id, name, kind, data }) =>
        kind === "image" ? (
          // oxlint-disable-next-line nextjs/no-img-element -- the image exists only in this page, as a data URL
          <img key={id} src={data} alt={name} className="max-h-40 max-w-full rounded-md" />
        ) : (
          <span key={id} className="flex items-center gap-2 text-sm">
            <FileText aria-hidden="true" className="size-4 stroke-[1.75] text-muted" />
            {name}
          </span>
        ),
      )}
      {text === "" ? null : <p className="wrap-anywhere whitespace-pre-wrap">{text}</p>}
    </div>
  );
}
