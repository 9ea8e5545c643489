import { cn } from "@/lib/cn";

/** The initials of a person: of the first and the last word of the name, or of the address. */
function initialsOf(name: string): string {
  const words = name.split(/[\s@._-]+/).filter((word) => word !== "");
  const [first = "", last = ""] = [words[0], words.length > 1 ? words.at(-1) : ""];
  return name.includes("@") ? first.slice(0, 1) : `${first.slice(0, 1)}${last.slice(0, 1)}`;
}

/** A person as a round tile, next to the name. */
export function Avatar({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-7.5 flex-none place-items-center rounded-full bg-hover text-xs font-medium text-muted uppercase"
    >
      {initialsOf(name)}
    </span>
  );
}

const tiles = {
  sm: "size-5.5 rounded-sm text-xs",
  lg: "size-11 rounded-lg text-lg",
};

/** An account as a tile with its first letter: square for a team, round for a person. */
export function AccountTile({
  name,
  isTeam,
  size = "sm",
}: {
  name: string;
  isTeam: boolean;
  size?: keyof typeof tiles;
}) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "grid flex-none place-items-center leading-none uppercase",
        tiles[size],
        isTeam ? "bg-ink font-strong text-on-ink" : "rounded-full! bg-hover font-medium text-muted",
      )}
    >
      {[...name][0]}
    </span>
  );
}
