/** The moving part of a wait; the words next to it say what for. */
export function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-3.5 flex-none animate-spin rounded-full border-2 border-accent border-r-transparent motion-reduce:[animation-duration:2s]"
    />
  );
}
