"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { SecretBox } from "@/components/ui/secret-box";
import type { RotatedKey } from "./members";

/** The new secrets of a removed member's keys, shown once. Done works after all were copied or kept, and shows the page as it is now. */
export function RotatedKeys({ keys }: { keys: RotatedKey[] }) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(true);
  const [isKept, setKept] = useState(false);
  const [copiedNames, setCopiedNames] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLDivElement>(null);
  const secretCount = keys.filter((key) => "secret" in key).length;
  const isReady = isKept || copiedNames.size === secretCount;
  const close = () => {
    setOpen(false);
    router.refresh();
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={() => {}}
      kind="locked"
      initialFocus={box}
      title="New secrets of their keys"
      text="The former secrets work for 24 hours more. The new ones are shown once."
      footer={
        <Button variant="primary" disabled={!isReady} onClick={close}>
          Done
        </Button>
      }
    >
      <div className="grid gap-4" ref={box} tabIndex={-1}>
        {keys.map((key, index) => (
          <section key={`${index} ${key.name}`} className="grid gap-1.5">
            <h3 className="text-sm font-medium wrap-anywhere">{key.name}</h3>
            {"secret" in key ? (
              <KeySecret
                name={key.name}
                secret={key.secret}
                onCopied={() => setCopiedNames(new Set([...copiedNames, `${index}`]))}
              />
            ) : (
              <Notice tone="danger">{key.problem}</Notice>
            )}
          </section>
        ))}
      </div>
      {secretCount === 0 ? null : (
        <Checkbox checked={isReady} onChange={(event) => setKept(event.target.checked)}>
          I have stored the secrets somewhere safe
        </Checkbox>
      )}
    </Dialog>
  );
}

function KeySecret({
  name,
  secret,
  onCopied,
}: {
  name: string;
  secret: string;
  onCopied: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  return (
    <SecretBox
      boxRef={box}
      label={`Secret of ${name}`}
      prefix="sk-onekey-"
      secret={secret}
      subject="key"
      onCopied={onCopied}
    />
  );
}
