"use client";

import { ArrowUp, Paperclip, Square, X } from "lucide-react";
import { useId, useRef, type KeyboardEvent } from "react";
import { Amount } from "@/components/ui/amount";
import { Button } from "@/components/ui/button";
import { KeyCap } from "@/components/ui/key-cap";
import { formatCount } from "@/lib/format";
import type { Attachment } from "./conversation";
import type { CostState } from "./use-max-cost";

interface Props {
  text: string;
  onText: (text: string) => void;
  attachments: Attachment[];
  onFiles: (files: File[]) => void;
  onRemove: (id: string) => void;
  cost: CostState;
  requests: number;
  isRunning: boolean;
  canSend: boolean;
  onSend: () => void;
  onStop: () => void;
}

/** The message with its files and what it can cost at most. Enter sends, Shift and Enter breaks the line, Esc stops. */
export function Composer(props: Props) {
  const { text, onText, attachments, onFiles, isRunning, canSend, onSend, onStop } = props;
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") onStop();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (canSend) onSend();
  };
  return (
    <form
      className="sticky bottom-0 grid grid-cols-[minmax(0,1fr)] gap-1.5 bg-bg pb-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (canSend) onSend();
      }}
    >
      <div className="rounded-lg border border-line-control focus-within:border-accent">
        {attachments.length === 0 ? null : <Files {...props} />}
        <label htmlFor={id} className="sr-only">
          Message
        </label>
        <textarea
          id={id}
          rows={2}
          value={text}
          placeholder="Message"
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const files = [...event.clipboardData.files];
            if (files.length > 0) onFiles(files);
          }}
          className="block max-h-60 w-full resize-none field-sizing-content bg-transparent px-3.5 pt-3 outline-none placeholder:text-muted"
        />
        <div className="flex items-center justify-between gap-2 px-2 pb-2">
          <span className="flex min-w-0 items-center gap-2">
            <Button
              variant="ghost"
              size="sm"
              icon
              aria-label="Attach images or files"
              onClick={() => picker.current?.click()}
            >
              <Paperclip aria-hidden="true" />
            </Button>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              aria-label="Files"
              onChange={(event) => {
                onFiles([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
            <MaxCost {...props} />
          </span>
          {isRunning ? (
            <Button size="sm" onClick={onStop}>
              <Square aria-hidden="true" fill="currentColor" />
              Stop
            </Button>
          ) : (
            <Button size="sm" type="submit" variant="primary" disabled={!canSend}>
              <ArrowUp aria-hidden="true" />
              Send
            </Button>
          )}
        </div>
      </div>
      <p className="text-xs text-muted max-md:hidden">
        <KeyCap>Enter</KeyCap> sends, <KeyCap>Shift</KeyCap> <KeyCap>Enter</KeyCap> breaks the line,{" "}
        <KeyCap>Esc</KeyCap> stops
      </p>
    </form>
  );
}

function Files({ attachments, onRemove }: Props) {
  return (
    <ul aria-label="Attached files" className="flex flex-wrap gap-2 px-3 pt-3">
      {attachments.map(({ id, name, bytes }) => (
        <li
          key={id}
          className="flex max-w-full items-center gap-2 rounded-md border border-line py-0.5 pr-0.5 pl-2.5 text-sm"
        >
          <span className="truncate">{name}</span>
          <span className="whitespace-nowrap text-muted">
            {formatCount(Math.max(1, Math.round(bytes / 1024)))} KB
          </span>
          <Button
            variant="ghost"
            size="sm"
            icon
            aria-label={`Remove ${name}`}
            onClick={() => onRemove(id)}
          >
            <X aria-hidden="true" />
          </Button>
        </li>
      ))}
    </ul>
  );
}

function MaxCost({ cost, requests }: Pick<Props, "cost" | "requests">) {
  const count = requests > 1 ? ` for ${formatCount(requests)} requests` : "";
  return (
    <span className="truncate text-sm text-muted" aria-live="polite">
      {cost.kind === "none" ? "The most it can cost appears as you write" : null}
      {cost.kind === "unknown" ? "Its maximum cost is checked when it is sent" : null}
      {cost.kind === "known" ? (
        <>
          At most{" "}
          <Amount
            nano={cost.maxCost}
            as="request"
            className={cost.fits ? "text-text" : "text-danger [&_.text-muted]:text-danger"}
          />
          {count}
        </>
      ) : null}
    </span>
  );
}
