import { SearchForm } from "@/components/ui/link";
import { CalendarDays, SearchIcon } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { SubmitOnChange } from "@/components/ui/submit-on-change";
import { formatShortDay } from "@/lib/format";
import { firstDay, lastDays, type UsagePeriod } from "@/lib/usage/period";
import { EndedBy } from "@/lib/usage/schema";
import { endings } from "./endings";
import type { UsageView } from "./load";
import type { UsageSearch } from "./search";

interface Props {
  search: UsageSearch;
  period: UsagePeriod;
  projects: { value: string; label: string }[];
  choices: UsageView["choices"];
  keyName: (id: string) => string;
}

const all = { value: "", label: "All" };
const FILTERS = [
  { name: "key", label: "Key" },
  { name: "provider", label: "Provider" },
  { name: "model", label: "Model" },
  { name: "endpoint", label: "Endpoint" },
] as const;

/** The choices of the range, with the one of the address, which may have no rows in it. */
const withChosen = (
  ids: string[],
  selectedId: string | undefined,
  nameOf: (id: string) => string = (id) => id,
) =>
  [...new Set([...ids, ...(selectedId === undefined ? [] : [selectedId])])]
    .map((id) => ({ value: id, label: nameOf(id) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, "en"));

const iso = (at: Date) => at.toISOString().slice(0, 10);

function rangeText(count: number): string {
  const { from, to } = lastDays(count);
  return count === 1
    ? `${formatShortDay(to)} (today)`
    : `${formatShortDay(from)} to ${formatShortDay(to)}`;
}

/** A GET form, so that the filters are in the URL and work without scripts. */
export function Filters({ search, period, projects, choices, keyName }: Props) {
  const custom = search.range === "custom";
  const select = "max-md:flex-1";
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchForm
        action="/dashboard/usage"
        replace
        scroll={false}
        id="filters"
        className="contents"
      >
        <SubmitOnChange form="filters" q="" />
        <NativeSelect
          label="Days"
          icon={<CalendarDays aria-hidden="true" />}
          name="range"
          value={search.range}
          options={[
            ...([1, 3, 7, 30, 90] as const).map((count) => ({
              value: String(count),
              label: rangeText(count),
            })),
            { value: "custom", label: "Other days" },
          ]}
          className={select}
        />
        {custom ? (
          <span className="flex gap-2 max-md:basis-full">
            {(["from", "to"] as const).map((name) => (
              <Input
                key={name}
                type="date"
                name={name}
                aria-label={name === "from" ? "First day" : "Last day"}
                defaultValue={iso(period[name])}
                min={iso(firstDay())}
                max={iso(lastDays(1).to)}
                className="w-36 max-md:w-full"
              />
            ))}
          </span>
        ) : null}
        <NativeSelect
          label="Project"
          name="project"
          value={search.project ?? ""}
          options={[all, ...projects]}
          className={select}
        />
        {FILTERS.map(({ name, label }) => (
          <NativeSelect
            key={name}
            label={label}
            name={name}
            value={search[name] ?? ""}
            options={[
              all,
              ...withChosen(choices[name], search[name], name === "key" ? keyName : undefined),
            ]}
            className={select}
          />
        ))}
        <NativeSelect
          label="Ended"
          name="ended"
          value={search.ended ?? ""}
          options={[
            { value: "", label: "Any" },
            ...EndedBy.options.map((value) => ({ value, label: endings[value] })),
          ]}
          className={select}
        />
        {search.measure === "cost" ? null : (
          <input type="hidden" name="measure" value={search.measure} />
        )}
        {search.by === "model" ? null : <input type="hidden" name="by" value={search.by} />}
        <NativeSelect
          label="Compare"
          name="compare"
          value={search.compare}
          options={[
            { value: "on", label: "with the period before" },
            { value: "off", label: "off" },
          ]}
          className={select}
        />
        <Button type="submit" className="hidden noscript:inline-flex">
          Show
        </Button>
      </SearchForm>
      <SearchForm
        action="/dashboard/usage"
        className="ml-auto max-w-80 flex-[1_1_220px] max-md:ml-0 max-md:max-w-none max-md:basis-full"
      >
        <Input
          type="search"
          name="q"
          defaultValue={search.q}
          maxLength={80}
          aria-label="Find a request by its id"
          placeholder="Request id"
          before={<SearchIcon aria-hidden="true" />}
        />
      </SearchForm>
    </search>
  );
}
