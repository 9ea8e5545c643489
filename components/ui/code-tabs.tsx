"use client";

import { useState, type ReactNode } from "react";
import { codeFrame, codeHead } from "./code-block";
import { CopyButton } from "./copy-button";
import { Tab, TabList, TabPanel, Tabs } from "./tabs";

export interface CodeSnippet {
  id: string;
  name: string;
  copy: string;
  body: ReactNode;
}

/** One snippet in several languages. */
export function CodeTabs({ label, snippets }: { label: string; snippets: CodeSnippet[] }) {
  const [current, setCurrent] = useState(snippets[0]?.id ?? "");
  const copy = snippets.find((snippet) => snippet.id === current)?.copy ?? "";
  return (
    <Tabs
      className={codeFrame}
      value={current}
      onValueChange={(value) => setCurrent(String(value))}
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
