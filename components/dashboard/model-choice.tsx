"use client";

import { SearchIcon } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useEdited } from "@/components/ui/use-edited";
import { formatCount } from "@/lib/format";

type ListedModel = { id: string; name: string };
export type ModelGroup = { provider: string; models: ListedModel[] };

interface Props {
  groups: ModelGroup[];
  selected: string[];
  error: string | undefined;
  help: string;
}

/** The models of each provider as checkboxes named `models`, with a search; a provider with a selected one is open. */
export function ModelChoice({ groups, selected: firstIds, error, help }: Props) {
  const [selectedIds, setSelectedIds] = useState(() => new Set(firstIds));
  const [openGroups, setOpenGroups] = useState(
    () =>
      new Set(
        groups
          .filter(({ models }) => models.some(({ id }) => firstIds.includes(id)))
          .map(({ provider }) => provider),
      ),
  );
  const [query, setQuery] = useState("");
  const { isEdited, onInput } = useEdited();
  const searchId = useId();
  const words = query.trim().toLowerCase();
  const isShown = ({ id, name }: ListedModel) => `${name} ${id}`.toLowerCase().includes(words);
  const shownCount = groups.flatMap(({ models }) => models).filter(isShown).length;
  const open = (provider: string, isOpen: boolean) => {
    const next = new Set(openGroups);
    if (isOpen) next.add(provider);
    else next.delete(provider);
    setOpenGroups(next);
  };
  const choose = (ids: string[], isSelected: boolean) => {
    const next = new Set(selectedIds);
    for (const id of ids)
      if (isSelected) next.add(id);
      else next.delete(id);
    setSelectedIds(next);
    onInput();
  };
  return (
    <fieldset onInput={onInput} className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <legend className="mb-1.5 text-sm/4 font-medium">Models</legend>
      <p className="text-sm text-muted">{help}</p>
      {error === undefined || isEdited ? null : (
        <Notice tone="danger" live>
          {error}
        </Notice>
      )}
      <div className="rounded-lg border border-line">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line p-2.5 noscript:hidden">
          <label htmlFor={searchId} className="sr-only">
            Search models
          </label>
          <span className="min-w-48 flex-1">
            <Input
              id={searchId}
              type="search"
              placeholder="Search models"
              autoComplete="off"
              before={<SearchIcon aria-hidden="true" />}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              onKeyDown={(event) => {
                // Enter would send the form that the list is part of.
                if (event.key === "Enter") event.preventDefault();
              }}
            />
          </span>
          <span role="status" className="text-sm text-muted tabular-nums">
            {words === "" ? "" : `${formatCount(shownCount)} found, `}
            {selectedIds.size === 0 ? "none selected" : `${formatCount(selectedIds.size)} selected`}
          </span>
        </div>
        <div className="divide-y divide-line">
          {groups.map(({ provider, models }) => (
            <ProviderModels
              key={provider}
              provider={provider}
              models={models}
              shownModels={models.filter(isShown)}
              isSearched={words !== ""}
              isOpen={openGroups.has(provider)}
              onOpen={(isOpen) => open(provider, isOpen)}
              selectedIds={selectedIds}
              onChoose={(ids, isSelected) => {
                choose(ids, isSelected);
                // What is selected in a search is still seen after it.
                if (isSelected) open(provider, true);
              }}
            />
          ))}
        </div>
      </div>
    </fieldset>
  );
}

/** The models of a provider. A model that the search leaves out stays in the form. */
function ProviderModels({
  provider,
  models,
  shownModels,
  isSearched,
  isOpen,
  onOpen,
  selectedIds,
  onChoose,
}: {
  provider: string;
  models: ListedModel[];
  shownModels: ListedModel[];
  isSearched: boolean;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  selectedIds: Set<string>;
  onChoose: (ids: string[], isSelected: boolean) => void;
}) {
  const shownIds = shownModels.map(({ id }) => id);
  const count = models.filter(({ id }) => selectedIds.has(id)).length;
  const kind = isSearched ? `found ${provider}` : provider;
  return (
    <details
      open={isSearched || isOpen}
      hidden={shownModels.length === 0}
      onToggle={(event) => {
        if (!isSearched && event.currentTarget.open !== isOpen) onOpen(event.currentTarget.open);
      }}
      className="px-4 py-2.5"
    >
      <summary className="text-base font-medium">
        {provider}{" "}
        <span className="text-sm font-normal text-muted">
          {count === 0 ? `${models.length} models` : `${count} of ${models.length} models`}
        </span>
      </summary>
      <p className="mt-1 flex gap-1 noscript:hidden">
        <Button
          variant="ghost"
          size="sm"
          aria-label={`Select all ${kind} models`}
          onClick={() => onChoose(shownIds, true)}
        >
          All
        </Button>
        <Button
          variant="ghost"
          size="sm"
          aria-label={`Select none of the ${kind} models`}
          onClick={() => onChoose(shownIds, false)}
        >
          None
        </Button>
      </p>
      <div className="mt-1 grid grid-cols-2 gap-x-4 gap-y-1.5 pb-1 max-md:grid-cols-1">
        {models.map(({ id, name }) => (
          <Checkbox
            key={id}
            name="models"
            value={id}
            checked={selectedIds.has(id)}
            onChange={(event) => onChoose([id], event.target.checked)}
            className={shownIds.includes(id) ? undefined : "hidden"}
          >
            {name} <span className="font-mono text-xs break-all text-muted">{id}</span>
          </Checkbox>
        ))}
      </div>
    </details>
  );
}
