import { buttonStyle } from "@/components/ui/button";
import { Link } from "@/components/ui/link";

/** What to do after a payment: "Create a key". */
export interface NextStep {
  text: string;
  label: string;
  href: string;
}

export function NextStepLine({ step: { text, label, href } }: { step: NextStep }) {
  return (
    <p className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line pt-3.5 print:hidden">
      <span className="text-sm text-muted">{text}</span>
      <Link href={href} prefetch={false} className={buttonStyle({ variant: "primary" })}>
        {label}
      </Link>
    </p>
  );
}
