/** A key of the keyboard, drawn as one: Enter, Esc. */
export function KeyCap({ children }: { children: string }) {
  return (
    <kbd className="rounded-[3px] border border-line-strong bg-bg px-1 font-mono text-[0.6875rem]/4 text-muted">
      {children}
    </kbd>
  );
}
