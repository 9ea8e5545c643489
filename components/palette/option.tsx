import { Autocomplete } from "@base-ui/react/autocomplete";
import { ArrowRight, BookOpen, Braces, FileText, Hash, List } from "lucide-react";
import type { PaletteEntry, PaletteKind } from "./entries";
import { wordsOf } from "./search";

const icons: Record<PaletteKind, typeof Hash> = {
  page: FileText,
  docs: BookOpen,
  section: Hash,
  endpoint: Braces,
  model: List,
  action: ArrowRight,
};

interface Props {
  entry: PaletteEntry;
  query: string;
  onChoose: (entry: PaletteEntry) => void;
}

/** One result, with the words of the query underlined. */
export function PaletteOption({ entry, query, onChoose }: Props) {
  const Icon = icons[entry.kind];
  return (
    <Autocomplete.Item
      value={entry}
      onClick={() => onChoose(entry)}
      className="group grid cursor-pointer grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-x-3 rounded-md px-2.5 py-[7px] data-highlighted:bg-hover max-md:py-2.5"
    >
      <Icon aria-hidden="true" className="size-4 text-muted group-data-highlighted:text-accent" />
      <span className="truncate">
        <Marked text={entry.title} query={query} />
      </span>
      <span className="text-xs whitespace-nowrap text-muted">{entry.note}</span>
      {entry.text ? (
        <small className="col-start-2 col-end-[-1] truncate text-sm text-muted">
          <Marked text={entry.text} query={query} />
        </small>
      ) : null}
    </Autocomplete.Item>
  );
}

function Marked({ text, query }: { text: string; query: string }) {
  const words = wordsOf(query).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  if (words.length === 0) return text;
  return text.split(new RegExp(`(${words.join("|")})`, "gi")).map((piece, index) =>
    index % 2 === 1 ? (
      <mark
        key={index}
        className="bg-transparent font-medium text-accent underline decoration-1 underline-offset-3"
      >
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}
