import { cn } from "@/lib/cn";
import { splitUsd } from "@/lib/format";

interface Props {
  nano: number;
  /** "balance": digits past the cent are quieter. "request": leading zeros are quieter. "price": all alike. */
  as?: "balance" | "request" | "price";
  /** Shows a green + before positive amounts. */
  withSign?: boolean;
  /** Pads with hidden digits, so that decimal points align in a column. */
  pad?: number;
  className?: string;
}

/** An exact amount: no digit other than zero is dropped. */
export function Amount({ nano, as = "balance", withSign = false, pad = 0, className }: Props) {
  const { sign, dollars, part } = splitUsd(nano, as === "price" ? 2 : 6);
  const income = withSign && nano > 0;
  const fill = "0".repeat(Math.max(0, pad - part.length));
  const mutedStyle = income ? "" : "text-muted";
  const text = `${sign || (income ? "+" : "")}$${dollars}.${part}`;
  return (
    <span className={cn("whitespace-nowrap tabular-nums", income && "text-success", className)}>
      {as === "balance" ? (
        <>
          {text.slice(0, text.length - part.length + 2)}
          <span className={mutedStyle}>{part.slice(2)}</span>
        </>
      ) : as === "request" ? (
        <RequestCost text={text} />
      ) : (
        text
      )}
      {fill === "" ? null : (
        <span aria-hidden="true" className="invisible">
          {fill}
        </span>
      )}
    </span>
  );
}

function RequestCost({ text }: { text: string }) {
  const quiet = /^[^1-9]*/.exec(text)?.[0] ?? "";
  return (
    <>
      <span className="text-muted">{quiet}</span>
      {text.slice(quiet.length)}
    </>
  );
}
