"use client";

import { KeyCap } from "@/components/ui/key-cap";
import { useDashboardPath } from "@/components/ui/account-context";
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { Search as SearchIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import type { PaletteEntry } from "./entries";
import { PaletteOption } from "./option";
import { loadSearch, matching, type Search } from "./search";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  query: string;
  setQuery: (query: string) => void;
  /** Listed before anything is typed, and searched by title. */
  places: PaletteEntry[];
}

/** The command palette: one field over the pages, the models and the docs. */
export function Palette({ open, onOpenChange, query, setQuery, places }: Props) {
  const { search, failed: hasFailed, retry } = useSearch();
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const newTab = useRef(false);
  const path = useDashboardPath();
  const entries = useMemo(
    () => (query.trim() === "" ? places : [...matching(places, query), ...(search?.(query) ?? [])]),
    [places, query, search],
  );
  const groups = useMemo(() => grouped(entries), [entries]);

  const go = (entry: PaletteEntry) => {
    const href = path(entry.href);
    if (newTab.current) {
      window.open(href, "_blank", "noopener");
      return;
    }
    onOpenChange(false);
    // Another area of the site has another content policy, so it needs a document load.
    if (/^\/(dashboard|sign-in)/.test(href) || /^\/(dashboard|sign-in)/.test(location.pathname))
      location.assign(href);
    else router.push(href);
  };
  const status =
    query.trim() === ""
      ? ""
      : hasFailed
        ? "Search could not be loaded."
        : search === null
          ? "Loading …"
          : `${entries.length} ${entries.length === 1 ? "result" : "results"}`;

  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-scrim" />
        <Dialog.Popup
          aria-label="Search"
          initialFocus={input}
          className="fixed inset-x-0 top-[min(14vh,120px)] z-30 mx-auto w-[min(100%-32px,640px)] overflow-hidden rounded-lg border border-line bg-popup text-base shadow-popup max-md:top-0 max-md:w-full max-md:rounded-none max-md:border-x-0 max-md:border-t-0"
        >
          <Autocomplete.Root
            inline
            open
            mode="none"
            items={groups}
            value={query}
            onValueChange={(value, { reason }) => {
              if (reason !== "item-press") setQuery(value);
            }}
            autoHighlight="always"
            itemToStringValue={({ title }: PaletteEntry) => title}
          >
            <div className="flex h-13 items-center gap-2.5 border-b border-line px-4 focus-within:shadow-[inset_0_-2px_0_var(--focus)]">
              <SearchIcon aria-hidden="true" className="size-4 text-muted" />
              <Autocomplete.Input
                ref={input}
                aria-label="Search pages, models and docs"
                placeholder="Search pages, models and docs"
                onKeyDown={(event) => {
                  newTab.current = event.key === "Enter" && (event.ctrlKey || event.metaKey);
                }}
                className="h-full min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-muted"
              />
              <Dialog.Close className="rounded-sm border border-line bg-quiet px-1.5 text-xs text-muted">
                Esc
              </Dialog.Close>
            </div>
            <Autocomplete.List className="max-h-[min(56vh,440px)] overflow-y-auto p-1.5 empty:p-0 max-md:max-h-[calc(100dvh-108px)]">
              {(group: EntryGroup) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className="px-2.5 pt-2.5 pb-1 text-xs font-medium text-muted">
                    {group.value}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(entry: PaletteEntry) => (
                      <PaletteOption
                        key={`${entry.group} ${entry.href} ${entry.title}`}
                        entry={entry}
                        query={query}
                        onChoose={go}
                      />
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
            {hasFailed ? (
              <p className="px-4 py-6 text-muted">
                Search could not be loaded.{" "}
                <button type="button" className="link" onClick={retry}>
                  Try again
                </button>
              </p>
            ) : query.trim() !== "" && search !== null && entries.length === 0 ? (
              <p className="px-4 py-6 text-muted">
                Nothing for “{query.trim()}”. Try another word, or{" "}
                <Link href="/contact" className="link" onClick={() => onOpenChange(false)}>
                  ask us
                </Link>
                .
              </p>
            ) : null}
            <p className="flex flex-wrap items-center gap-x-4.5 gap-y-1.5 border-t border-line bg-quiet px-4 py-2 text-xs text-muted">
              <span className="max-md:hidden">
                <KeyCap>↑</KeyCap> <KeyCap>↓</KeyCap> choose
              </span>
              <span className="max-md:hidden">
                <KeyCap>Enter</KeyCap> open
              </span>
              <span className="max-md:hidden">
                <KeyCap>Ctrl</KeyCap> <KeyCap>Enter</KeyCap> in a new tab
              </span>
              <span className="ml-auto" role="status">
                {status}
              </span>
            </p>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type EntryGroup = { value: string; items: PaletteEntry[] };

function grouped(entries: PaletteEntry[]): EntryGroup[] {
  const names = [...new Set(entries.map(({ group }) => group))];
  return names.map((value) => ({ value, items: entries.filter(({ group }) => group === value) }));
}

function useSearch() {
  const [search, setSearch] = useState<Search | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    loadSearch().then(
      (newSearch) => current && setSearch(() => newSearch),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [attempt]);
  const retry = () => {
    setFailed(false);
    setAttempt((count) => count + 1);
  };
  return { search, failed: hasFailed, retry };
}
