import { CalendarDays, Plus, SearchIcon, X } from "lucide-react";
import { Button, buttonStyle } from "@/components/ui/button";
import { DetailsMenu } from "@/components/ui/details-menu";
import { Link, SearchForm } from "@/components/ui/link";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { SubmitOnChange } from "@/components/ui/submit-on-change";
import { formatShortDay } from "@/lib/format";
import { firstDay, lastDays, periodBefore, type UsagePeriod } from "@/lib/usage/period";
import { EndedBy } from "@/lib/usage/schema";
import { endings } from "./endings";
import type { UsageView } from "./load";
import { addressOf, type UsageSearch } from "./search";

interface Props {
  search: UsageSearch;
  period: UsagePeriod;
  projects: { value: string; label: string }[];
  keyName: (id: string) => string;
  choices: UsageView["choices"];
}

const all = { value: "", label: "All" };
/** Filters whose choices are named as they are in rows. */
const FILTERS = [
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

interface FilterChoice {
  name: "project" | "key" | "provider" | "model" | "endpoint" | "ended";
  label: string;
  options: { value: string; label: string }[];
}

/** The filters that are set, each as a link that removes it. */
function ActiveFilters({ search, filters }: { search: UsageSearch; filters: FilterChoice[] }) {
  return filters.map(({ name, label, options }) => {
    const value = search[name];
    if (value === undefined) return null;
    const text = options.find((option) => option.value === value)?.label ?? value;
    return (
      <Link
        key={name}
        href={addressOf({ ...search, [name]: undefined, before: undefined, after: undefined })}
        scroll={false}
        className={buttonStyle({ size: "sm", className: "max-w-full" })}
      >
        <span className="sr-only">Remove the filter </span>
        <span className="text-muted">{label}</span>
        <span className="truncate">{text}</span>
        <X aria-hidden="true" />
      </Link>
    );
  });
}

/** A GET form, so that the filters are in the URL and work without scripts. */
export function Filters({ search, period, projects, keyName, choices }: Props) {
  const custom = search.range === "custom";
  const filters: FilterChoice[] = [
    { name: "project", label: "Project", options: projects },
    { name: "key", label: "Key", options: withChosen(choices.key, search.key, keyName) },
    ...FILTERS.map(({ name, label }) => ({
      name,
      label,
      options: withChosen(choices[name], search[name]),
    })),
    {
      name: "ended",
      label: "Ended",
      options: EndedBy.options.map((value) => ({ value, label: endings[value] })),
    },
  ];
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
          label="Range"
          icon={<CalendarDays aria-hidden="true" />}
          name="range"
          value={search.range}
          options={[
            { value: "hour", label: "Last hour" },
            ...([1, 3, 7, 30, 90] as const).map((count) => ({
              value: String(count),
              label: rangeText(count),
            })),
            { value: "custom", label: "Other days" },
          ]}
          className="max-md:basis-full"
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
          label="Compare"
          name="compare"
          value={search.compare}
          options={[
            { value: "on", label: beforeText(search, period) },
            { value: "off", label: "nothing" },
          ]}
          className="min-w-0 max-md:flex-1"
        />
        {search.measure === "cost" ? null : (
          <input type="hidden" name="measure" value={search.measure} />
        )}
        {search.by === "model" ? null : <input type="hidden" name="by" value={search.by} />}
        <Button type="submit" className="hidden noscript:inline-flex">
          Show
        </Button>
      </SearchForm>
      <DetailsMenu
        isDashed
        label={
          <>
            <Plus aria-hidden="true" />
            Filter
          </>
        }
        className="left-0 grid w-72 gap-2 p-2.5 max-md:right-0 max-md:left-auto max-md:w-[calc(100vw-32px)]"
      >
        {filters.map(({ name, label, options }) => (
          <NativeSelect
            key={name}
            form="filters"
            label={label}
            name={name}
            value={search[name] ?? ""}
            options={[name === "ended" ? { value: "", label: "Any" } : all, ...options]}
          />
        ))}
        <RequestSearch id={search.q} className="md:hidden" />
      </DetailsMenu>
      <ActiveFilters search={search} filters={filters} />
      <RequestSearch id={search.q} className="ml-auto max-w-80 flex-[1_1_220px] max-md:hidden" />
    </search>
  );
}

/** Opens a request by its id. On phones it is among the filters. */
function RequestSearch({ id, className }: { id: string; className: string }) {
  return (
    <SearchForm action="/dashboard/usage" className={className}>
      <Input
        type="search"
        name="q"
        defaultValue={id}
        maxLength={80}
        aria-label="Find a request by its id"
        placeholder="Request id"
        before={<SearchIcon aria-hidden="true" />}
      />
    </SearchForm>
  );
}

/** The days that the range is compared with. */
function beforeText({ range }: UsageSearch, period: UsagePeriod): string {
  if (range === "hour") return "the hour before";
  const before = periodBefore(period);
  if (before === null) return "no rows before";
  return before.from.getTime() === before.to.getTime()
    ? formatShortDay(before.to)
    : `${formatShortDay(before.from)} to ${formatShortDay(before.to)}`;
}
