"use client";

import { Plus, RotateCcw, SlidersHorizontal, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { PageHeader } from "@/components/dashboard/page-header";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import type { PlaygroundModel } from "@/lib/playground/schema";
import type { PlaygroundRequest } from "./build-body";
import { ChatPanel } from "./chat-panel";
import type { Column } from "./conversation";
import { CopyDialog } from "./copy-dialog";
import { MediaForm } from "./media-form";
import { ModelSelect, ProjectSelect } from "./model-select";
import { Parameters } from "./parameters";
import { FIRST_SETTINGS, type PlaygroundSettings } from "./settings";
import { usePlayground } from "./use-playground";

interface Props {
  models: PlaygroundModel[];
  /** The projects that have a key. */
  projects: { id: string; name: string }[];
  /** What the address chose. */
  chosenModels: string[];
  chosenProject: string;
  address: string;
}

const COLUMNS_MAX = 4;

/** Tries models with the session: nothing that is written here leaves the page except to the models. */
export function Playground({ models, projects, chosenModels, chosenProject, address }: Props) {
  const [columns, setColumns] = useState<Column[]>(() =>
    chosenModels.map((model, index) => ({ id: String(index), model })),
  );
  const [projectId, setProjectId] = useState(chosenProject);
  const [settings, setSettings] = useState(FIRST_SETTINGS);
  // On a wide window they are always there.
  const [areParametersOpen, setParametersOpen] = useState(false);
  const [mediaRequest, setMediaRequest] = useState<PlaygroundRequest | null>(null);
  const nextColumn = useRef(chosenModels.length);
  const playground = usePlayground();
  const byId = new Map(models.map((model) => [model.id, model]));
  const visibleModels = columns.flatMap((column) => byId.get(column.model) ?? []);
  const [first] = visibleModels;
  const isChat = first?.kind === "text";
  const isCompared = columns.length > 1;
  const { turns, isRunning } = playground;
  useAddress(columns, projectId);
  useLeaveGuard(turns.length > 0);
  if (first === undefined) return null;

  const choose = (column: Column, model: string) => {
    const isSameKind = byId.get(model)?.kind === "text" && isChat;
    // Another kind has another form, which the conversation does not fit.
    if (!isSameKind) playground.startOver();
    setColumns(
      isSameKind
        ? columns.map((candidate) =>
            candidate.id === column.id ? { ...candidate, model } : candidate,
          )
        : [{ ...column, model }],
    );
  };
  const add = () => {
    const next = models.find(
      ({ id, kind }) => kind === "text" && !columns.some(({ model }) => model === id),
    );
    if (next) setColumns([...columns, { id: String(nextColumn.current++), model: next.id }]);
  };
  const copiedRequests = isChat
    ? columns.flatMap(({ id, model }) => {
        const request = playground.lastRequests[id];
        return request ? [{ name: byId.get(model)?.name ?? model, request }] : [];
      })
    : mediaRequest === null
      ? []
      : [{ name: first.name, request: mediaRequest }];

  return (
    <div className="grid min-h-[calc(100dvh-150px)] grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_1fr] gap-5">
      <PageHeader
        title="Playground"
        line="The conversation lives in this tab and is not stored. Each request leaves one row under Usage."
        action={
          <>
            <ProjectSelect
              label="Project"
              value={projectId}
              projects={projects}
              onChange={setProjectId}
            />
            <CopyDialog requests={copiedRequests} address={address} />
            <Button
              variant="ghost"
              aria-label="Start over"
              disabled={turns.length === 0}
              onClick={playground.startOver}
            >
              <RotateCcw aria-hidden="true" />
              <span className="max-md:hidden">Start over</span>
            </Button>
          </>
        }
      />
      <div
        role="group"
        aria-label="Models"
        className="flex flex-wrap items-center gap-2 border-y border-line py-2.5"
      >
        {columns.map((column, index) => (
          <span
            key={column.id}
            className={cn(
              "flex max-w-full min-w-0 items-center gap-1",
              // Next to the buttons on a phone, where there is one.
              isCompared ? "max-md:basis-full" : "max-md:flex-1 max-md:basis-0",
            )}
          >
            <ModelSelect
              label={isCompared ? `Model ${index + 1}` : "Model"}
              models={isCompared ? models.filter(({ kind }) => kind === "text") : models}
              value={column.model}
              onChange={(model) => choose(column, model)}
            />
            {isCompared ? (
              <Button
                variant="ghost"
                size="sm"
                icon
                aria-label={`Remove ${byId.get(column.model)?.name ?? column.model}`}
                onClick={() => setColumns(columns.filter(({ id }) => id !== column.id))}
              >
                <X aria-hidden="true" />
              </Button>
            ) : null}
          </span>
        ))}
        {isCompared ? null : (
          <span className="text-sm text-muted tabular-nums max-md:hidden">{first.priceText}</span>
        )}
        {isChat && columns.length < COLUMNS_MAX ? (
          <Button
            variant="ghost"
            size="sm"
            aria-label="Add a model"
            disabled={isRunning}
            onClick={add}
            className="ml-auto"
          >
            <Plus aria-hidden="true" />
            <span className="max-md:hidden">Add a model</span>
          </Button>
        ) : null}
        {isChat ? (
          <Button
            size="sm"
            aria-expanded={areParametersOpen}
            aria-controls="parameters"
            onClick={() => setParametersOpen(!areParametersOpen)}
            className="lg:hidden"
          >
            <SlidersHorizontal aria-hidden="true" />
            Parameters
          </Button>
        ) : null}
      </div>
      {isChat ? (
        <div className="grid grid-cols-[minmax(0,1fr)_288px] gap-8 max-lg:grid-cols-[minmax(0,1fr)]">
          <ChatPanel
            columns={columns}
            models={byId}
            settings={settings}
            onSettings={setSettings}
            projectId={projectId}
            playground={playground}
          />
          <section
            id="parameters"
            aria-labelledby="parameters-title"
            className={cn(
              "min-w-0 max-lg:order-first lg:border-l lg:border-line lg:pl-6",
              areParametersOpen ? "" : "max-lg:hidden",
            )}
          >
            <div className="mb-4 flex items-center justify-between gap-3">
              <h2 id="parameters-title" className="text-base font-medium">
                Parameters
              </h2>
              <Button
                variant="ghost"
                size="sm"
                aria-label="Reset parameters"
                disabled={areFirst(settings)}
                onClick={() => setSettings({ ...FIRST_SETTINGS, system: settings.system })}
              >
                Reset
              </Button>
            </div>
            <Parameters models={visibleModels} settings={settings} onChange={setSettings} />
          </section>
        </div>
      ) : (
        <MediaForm key={first.id} model={first} projectId={projectId} onSent={setMediaRequest} />
      )}
    </div>
  );
}

/** Whether every parameter is as at first; the system prompt is no parameter. */
const areFirst = (settings: PlaygroundSettings): boolean =>
  Object.entries(settings).every(
    ([name, value]) =>
      name === "system" ||
      value === undefined ||
      value === FIRST_SETTINGS[name as keyof PlaygroundSettings],
  );

/** The address keeps models and project, never a text. */
function useAddress(columns: Column[], projectId: string): void {
  const query = new URLSearchParams([
    ...columns.map(({ model }): [string, string] => ["model", model]),
    ["project", projectId],
  ]).toString();
  useEffect(() => {
    if (window.location.search !== `?${query}`) window.history.replaceState(null, "", `?${query}`);
  }, [query]);
}

/** Leaving a conversation asks first. */
function useLeaveGuard(hasConversation: boolean): void {
  useEffect(() => {
    if (!hasConversation) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [hasConversation]);
}
