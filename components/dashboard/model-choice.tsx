import { Checkbox } from "@/components/ui/checkbox";
import { Notice } from "@/components/ui/notice";

export type ModelGroup = { provider: string; models: { id: string; name: string }[] };

interface Props {
  groups: ModelGroup[];
  selected: string[];
  error: string | undefined;
  help: string;
}

/** The models of each provider as checkboxes named `models`; a provider with a selected one is open. */
export function ModelChoice({ groups, selected, error, help }: Props) {
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <legend className="mb-1.5 text-sm/4 font-medium">Models</legend>
      <p className="text-sm text-muted">{help}</p>
      {error === undefined ? null : <Notice tone="danger">{error}</Notice>}
      <div className="divide-y divide-line rounded-lg border border-line">
        {groups.map(({ provider, models }) => (
          <details
            key={provider}
            open={models.some(({ id }) => selected.includes(id))}
            className="px-4 py-2.5"
          >
            <summary className="text-base font-medium">
              {provider}{" "}
              <span className="text-sm font-normal text-muted">{models.length} models</span>
            </summary>
            <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1.5 pb-1 max-md:grid-cols-1">
              {models.map(({ id, name }) => (
                <Checkbox key={id} name="models" value={id} defaultChecked={selected.includes(id)}>
                  {name} <span className="font-mono text-xs break-all text-muted">{id}</span>
                </Checkbox>
              ))}
            </div>
          </details>
        ))}
      </div>
    </fieldset>
  );
}
