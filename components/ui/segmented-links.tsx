import { Link } from "@/components/ui/link";
import { segment, segmentTrack } from "./segmented-style";

interface Props {
  label: string;
  options: { href: string; label: string; current: boolean }[];
  size?: "sm" | "md";
}

/** A segmented control whose choices are links, so that it works without scripts and a choice can be shared. */
export function SegmentedLinks({ label, options, size }: Props) {
  return (
    <nav aria-label={label} className={segmentTrack}>
      {options.map(({ href, label: text, current }) => (
        <Link
          key={text}
          href={href}
          replace
          scroll={false}
          prefetch={false}
          aria-current={current ? "true" : undefined}
          className={segment({ size })}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
