import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import type { PricedModel } from "@/app/catalog";
import { decimals, Price } from "@/components/site/price-table";
import { buttonStyle } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { FigureStrip } from "@/components/ui/figure-strip";
import { Notice } from "@/components/ui/notice";
import type { Model } from "@/lib/catalog/schema";
import { formatCount, formatDay, formatDuration, formatSize } from "@/lib/format";
import { listPlaygroundModels } from "@/lib/playground/models";
import { providerName } from "@/lib/providers";
import type { ModelSpeed } from "./speed";

/** The name of a model, its id to copy, what it is in a sentence, and its prices. */
export function Head({
  model,
  pricing,
  speed,
}: {
  model: Model;
  pricing: PricedModel;
  speed: ModelSpeed | null;
}) {
  const pad = decimals([pricing.input, pricing.cacheRead, pricing.output]);
  const price = (nano: number | null) => <Price nano={nano} pad={nano === null ? 0 : pad} />;
  return (
    <div className="wrap grid grid-cols-[minmax(0,1fr)] gap-6 pt-12 pb-10 max-md:pt-8">
      <div className="flex items-end justify-between gap-6 max-md:flex-col max-md:items-stretch">
        <div className="min-w-0">
          <Link
            href="/models"
            className="inline-flex items-center gap-1.5 text-sm text-muted hover:text-text"
          >
            <ArrowLeft aria-hidden="true" className="size-3.5" />
            Models
          </Link>
          <h1 className="mt-4 text-2xl font-strong">{model.name}</h1>
          <p className="mt-1 flex items-center gap-1 text-sm text-muted">
            <code className="font-mono wrap-anywhere">{model.id}</code>
            <CopyButton text={model.id} subject={model.id} />
          </p>
          <p className="mt-2 max-w-prose text-[1.0625rem]/6.75 text-muted">
            By {providerName(model.provider)}, at its list price, without markup. Takes{" "}
            {listed(model.modalities.input)}, and gives {listed(model.modalities.output)}. Released
            on {formatDay(new Date(model.released))}.
          </p>
        </div>
        <div className="flex flex-wrap gap-2.5 max-md:[&>a]:flex-1">
          {listPlaygroundModels().some(({ id }) => id === model.id) ? (
            <Link
              href={`/dashboard/playground?model=${model.id}`}
              prefetch={false}
              className={buttonStyle({ variant: "primary", size: "lg" })}
            >
              Try it
            </Link>
          ) : null}
          <Link
            href="/sign-in"
            prefetch={false}
            className={buttonStyle({ variant: "secondary", size: "lg" })}
          >
            Get a key
          </Link>
          <Link
            href={`/pricing?model=${model.id}`}
            className={buttonStyle({ variant: "secondary", size: "lg" })}
          >
            Calculate
          </Link>
        </div>
      </div>
      <Ending model={model} />
      <FigureStrip
        figures={[
          { term: "Input", figure: price(pricing.input), note: "per million tokens" },
          { term: "Cached input", figure: price(pricing.cacheRead), note: "per million tokens" },
          { term: "Output", figure: price(pricing.output), note: "per million tokens" },
          speed === null
            ? { term: "Context", figure: formatSize(model.context), note: "tokens" }
            : {
                term: "Speed",
                figure: `${formatCount(speed.tokensPerSecond)} tokens/s`,
                note: `first byte after ${formatDuration(speed.firstByteMs)}, medians of 7 days`,
              },
        ]}
      />
    </div>
  );
}

/** What to do about a model that ends, or that has a newer one. */
function Ending({ model: { retires, replacedBy, status } }: { model: Model }) {
  if (retires === undefined && status === "current") return null;
  return (
    <Notice tone={retires === undefined ? "neutral" : "warning"}>
      {retires === undefined
        ? "There is a newer model of this line. This one is still served."
        : `This model ends on ${formatDay(new Date(retires))}, 00:00 UTC.`}
      {replacedBy === undefined ? null : (
        <>
          {" "}
          Send{" "}
          <Link href={`/models/${replacedBy}`} className="link">
            {replacedBy}
          </Link>{" "}
          instead.
        </>
      )}
    </Notice>
  );
}

/** "text, images and PDF". */
function listed(kinds: string[]): string {
  const names: Record<string, string> = { image: "images", pdf: "PDF" };
  const words = kinds.map((kind) => names[kind] ?? kind);
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
