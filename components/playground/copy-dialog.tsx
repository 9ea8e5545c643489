"use client";

import { Code2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CodeTabs } from "@/components/ui/code-tabs";
import { ColoredCode } from "@/components/ui/colored-code";
import { Dialog } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";
import type { PlaygroundRequest } from "./build-body";
import { copiesOf } from "./copy-as";

interface Props {
  /** The requests behind the last answers, by the name of their model. */
  requests: { name: string; request: PlaygroundRequest }[];
  address: string;
}

/** A button that shows the last request as a program. */
export function CopyDialog({ requests, address }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [index, setIndex] = useState("0");
  const selectedRequest = requests[Number(index)] ?? requests[0];
  return (
    <>
      <Button disabled={requests.length === 0} onClick={() => setOpen(true)}>
        <Code2 aria-hidden="true" />
        Copy as
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title="Copy the last request"
        text="It runs as it is where ONEKEY_API_KEY is set to a key."
        className="max-w-200"
        footer={<Button onClick={() => setOpen(false)}>Close</Button>}
      >
        {requests.length < 2 ? null : (
          <Segmented
            label="Model"
            size="sm"
            value={index}
            options={requests.map(({ name }, position) => ({
              value: String(position),
              label: name,
            }))}
            onChange={setIndex}
          />
        )}
        {selectedRequest === undefined ? null : (
          <div className="max-h-[50dvh] min-w-0 overflow-y-auto">
            <CodeTabs
              label="Language"
              snippets={copiesOf(selectedRequest.request, address).map(({ id, name, text }) => ({
                id,
                name,
                copy: text,
                body: <ColoredCode text={shorten(text)} />,
              }))}
            />
          </div>
        )}
      </Dialog>
    </>
  );
}

/** Long base64 is shortened where it is shown. What is copied is complete. */
const shorten = (text: string): string =>
  text.replaceAll(/[A-Za-z0-9+/]{200,}={0,2}/g, (data) => `${data.slice(0, 40)}…`);
