import { ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { selectStyle } from "@/components/ui/select-style";
import type { PlaygroundModel } from "@/lib/playground/schema";

interface Props {
  label: string;
  value: string;
  onChange: (id: string) => void;
}

/** A native select of models by provider; typing finds one. */
export function ModelSelect({ models, ...props }: Props & { models: PlaygroundModel[] }) {
  const names = [...new Set(models.map(groupName))];
  return (
    <PlainSelect {...props}>
      {names.map((name) => (
        <optgroup key={name} label={name}>
          {models
            .filter((model) => groupName(model) === name)
            .map((model) => (
              <option key={model.id} value={model.id}>
                {model.name}
              </option>
            ))}
        </optgroup>
      ))}
    </PlainSelect>
  );
}

/** A native select of the projects that have a key. */
export function ProjectSelect({
  projects,
  ...props
}: Props & { projects: { id: string; name: string }[] }) {
  return (
    <PlainSelect {...props}>
      {projects.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </PlainSelect>
  );
}

function PlainSelect({ label, value, onChange, children }: Props & { children: ReactNode }) {
  return (
    <span
      className={`${selectStyle()} relative min-w-0 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus`}
    >
      <select
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-full w-full min-w-0 flex-1 appearance-none truncate bg-transparent pr-7 pl-2.5 font-medium outline-none [&_option]:bg-popup [&_option]:text-text"
      >
        {children}
      </select>
      <ChevronsUpDown aria-hidden="true" className="pointer-events-none absolute right-2" />
    </span>
  );
}

const kinds = { text: "chat", image: "images", speech: "speech", embedding: "embeddings" };

const groupName = ({ kind, providerName }: PlaygroundModel) =>
  kind === "text" ? providerName : `${providerName}, ${kinds[kind]}`;
