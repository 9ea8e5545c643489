import { Badge } from "@/components/ui/badge";

export interface IncidentView {
  id: string;
  title: string;
  affected: string;
  day: string;
  /** "16:04 to 16:51, 47 minutes", or "since 14:21". */
  span: string;
  open: boolean;
  /** The newest first. */
  updates: { step: string; time: string; text: string }[];
}

/** What the operator wrote about an incident, the newest first. */
export function IncidentArticle({ incident }: { incident: IncidentView }) {
  const { id, title, affected, day, span, open, updates } = incident;
  return (
    <article
      id={id}
      className="grid gap-x-8 gap-y-2 border-t border-line py-5 first:border-line-strong md:grid-cols-[176px_minmax(0,1fr)]"
    >
      <p className="text-base text-muted tabular-nums">{day}</p>
      <div className="grid max-w-176 gap-3">
        <div className="grid gap-1">
          <h3 className="font-strong">{title}</h3>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm text-muted">
            <Badge tone={open ? "warning" : "success"}>{open ? "in progress" : "resolved"}</Badge>
            <span>{span}</span>
            <span>{affected}</span>
          </p>
        </div>
        <ol>
          {updates.map(({ step, time, text }, index) => (
            <li
              key={index}
              className={`relative pb-3.5 pl-6 text-base before:absolute before:top-3.5 before:-bottom-2 before:left-[5px] before:w-px before:bg-line-control last:before:hidden after:absolute after:top-1.5 after:left-0 after:size-[11px] after:rounded-full after:border-accent ${open && index === 0 ? "after:border-[3.5px] after:bg-bg" : "after:border-[1.5px] after:bg-accent"}`}
            >
              <b className="font-medium">{step}</b>
              <time className="ml-2 text-sm text-muted tabular-nums">{time}</time>
              <p className="text-muted">{text}</p>
            </li>
          ))}
        </ol>
      </div>
    </article>
  );
}
