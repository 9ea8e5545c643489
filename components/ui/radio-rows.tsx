interface Props<T extends string> {
  /** The field's name in the form. */
  name: string;
  /** What is chosen, for screen readers. */
  legend: string;
  choices: readonly { value: T; name: string; note: string }[];
  value: T;
  onChange: (value: T) => void;
}

/** One choice of several, a row each, with a note at its end. */
export function RadioRows<T extends string>({ name, legend, choices, value, onChange }: Props<T>) {
  return (
    <fieldset className="divide-y divide-line rounded-md border border-line-control">
      <legend className="sr-only">{legend}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className="flex flex-wrap items-center gap-2.5 px-3 py-2.5 has-checked:bg-accent-quiet"
        >
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
            className="size-4 accent-accent"
          />
          <span className="flex-1 font-medium">{choice.name}</span>
          <span className="text-sm text-muted tabular-nums">{choice.note}</span>
        </label>
      ))}
    </fieldset>
  );
}
