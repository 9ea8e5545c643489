import { SearchIcon } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { SearchForm } from "@/components/ui/link";
import { NativeSelect } from "@/components/ui/native-select";
import { SubmitOnChange } from "@/components/ui/submit-on-change";
import { SUBJECTS, type AuditSearch } from "./search";
import { subjectName } from "./words";

const dayText = (at: Date | undefined) => at?.toISOString().slice(0, 10) ?? "";

/** A GET form, so that the filters are in the URL and work without scripts. */
export function Filters({
  search,
  actors,
}: {
  search: AuditSearch;
  actors: { id: string; name: string }[];
}) {
  return (
    <search>
      <SearchForm
        action="/dashboard/settings/audit-log"
        replace
        scroll={false}
        id="audit-filters"
        className="flex flex-wrap items-center gap-2"
      >
        <SubmitOnChange form="audit-filters" q={search.q ?? ""} />
        {(["from", "to"] as const).map((name) => (
          <Input
            key={name}
            type="date"
            name={name}
            aria-label={name === "from" ? "First day" : "Last day"}
            defaultValue={dayText(search[name])}
            className="w-36 max-md:flex-1"
          />
        ))}
        <NativeSelect
          label="Who"
          name="who"
          value={search.who ?? ""}
          options={[
            { value: "", label: "Anyone" },
            ...actors.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          className="max-w-full max-md:flex-1"
        />
        <NativeSelect
          label="What"
          name="what"
          value={search.what ?? ""}
          options={[
            { value: "", label: "Anything" },
            ...SUBJECTS.map((subject) => ({ value: subject, label: subjectName(subject) })),
          ]}
          className="max-md:flex-1"
        />
        <span className="ml-auto w-72 max-md:w-full">
          <Input
            type="search"
            name="q"
            aria-label="Find an entry"
            placeholder="Key, project, address"
            maxLength={80}
            before={<SearchIcon aria-hidden="true" />}
            defaultValue={search.q ?? ""}
          />
        </span>
        <Button type="submit" className="hidden noscript:inline-flex">
          Filter
        </Button>
      </SearchForm>
    </search>
  );
}
