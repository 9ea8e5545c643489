"use client";

import { useState, useSyncExternalStore, type ReactNode } from "react";
import { codeFrame, codeHead } from "./code-block";
import { CopyButton } from "./copy-button";
import { Tab, TabList, TabPanel, Tabs } from "./tabs";

export interface CodeSnippet {
  id: string;
  name: string;
  copy: string;
  body: ReactNode;
}

/** The same thing in several languages. A chosen language holds for every page of this browser. */
export function CodeTabs({
  label,
  snippets,
  remember = true,
}: {
  label: string;
  snippets: CodeSnippet[];
  /** False where the tabs are no languages. */
  remember?: boolean;
}) {
  const savedChoice = useSyncExternalStore(subscribe, readChoice, () => null);
  const [choice, setPicked] = useState<string | null>(null);
  const preferredTab = remember ? savedChoice : choice;
  const current = (snippets.find(({ id }) => id === preferredTab) ?? snippets[0])?.id ?? "";
  const copy = snippets.find((snippet) => snippet.id === current)?.copy ?? "";
  return (
    <Tabs
      className={codeFrame}
      value={current}
      onValueChange={(value) => (remember ? saveChoice : setPicked)(String(value))}
    >
      <div className={`${codeHead} noscript:hidden`}>
        <TabList aria-label={label} activateOnFocus className="gap-4.5 self-stretch border-0">
          {snippets.map(({ id, name }) => (
            <Tab key={id} value={id} className="p-0 text-sm">
              {name}
            </Tab>
          ))}
        </TabList>
        <CopyButton text={copy} subject="code" />
      </div>
      {snippets.map(({ id, name, body }) => (
        <TabPanel key={id} value={id}>
          <p className="hidden px-4 pt-3 text-sm font-medium noscript:block">{name}</p>
          {body}
        </TabPanel>
      ))}
    </Tabs>
  );
}

const STORAGE_KEY = "code-language";
const CHANGED = "code-language-changed";
/** The choice of this page where the browser keeps none. */
let choice: string | null = null;

function readChoice(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY) ?? choice;
  } catch {
    return choice;
  }
}

function saveChoice(id: string): void {
  choice = id;
  try {
    localStorage.setItem(STORAGE_KEY, id);
  } catch {
    // Storage is off: the choice holds until the page is left.
  }
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  for (const name of [CHANGED, "storage"]) window.addEventListener(name, listener);
  return () => {
    for (const name of [CHANGED, "storage"]) window.removeEventListener(name, listener);
  };
}
