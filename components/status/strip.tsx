/** One bar: its height and color say how much of it succeeded, so that they differ without color. */
export interface StripBar {
  title: string;
  level: "up" | "degraded" | "down" | "unknown";
}

const looks = {
  up: { y: 0, height: 36, className: "fill-up" },
  degraded: { y: 12, height: 24, className: "fill-degraded" },
  down: { y: 24, height: 12, className: "fill-down" },
  unknown: { y: 0, height: 36, className: "fill-hover" },
};

/** A strip of bars with the share that succeeded under it. */
export function Strip({
  label,
  span,
  bars,
  share,
  total,
}: {
  label: string;
  /** "24 h" or "90 days", which phones show before the figures. */
  span: string;
  bars: StripBar[];
  share: string;
  total: string;
}) {
  const width = 100 / bars.length;
  return (
    <div className="min-w-0">
      <svg role="img" aria-label={`${label}: ${share}`} className="block h-9 w-full">
        {bars.map(({ title, level }, index) => {
          const { y, height, className } = looks[level];
          return (
            <rect
              key={index}
              x={`${(index * width + width * 0.13).toFixed(2)}%`}
              width={`${(width * 0.74).toFixed(2)}%`}
              y={y}
              height={height}
              rx={1}
              className={className}
            >
              <title>{title}</title>
            </rect>
          );
        })}
      </svg>
      <p className="mt-1.5 flex justify-between gap-3 text-xs text-muted tabular-nums">
        <span className="md:hidden">{span}</span>
        <b className="font-medium text-text">{share}</b>
        <span>{total}</span>
      </p>
    </div>
  );
}

/** What the heights and colors of the bars mean. */
export function StripLegend() {
  const key = "mr-1.5 inline-block w-1 rounded-[1px] align-[-1px]";
  return (
    <p className="flex flex-wrap gap-x-4.5 gap-y-1 text-sm text-muted">
      <span>
        <span className={`${key} h-3 bg-up`} />
        99.5% or more
      </span>
      <span>
        <span className={`${key} h-2 bg-degraded`} />
        95% to 99.5%
      </span>
      <span>
        <span className={`${key} h-1 bg-down`} />
        below 95%
      </span>
      <span>
        <span className={`${key} h-3 bg-hover`} />
        fewer than 20 requests
      </span>
    </p>
  );
}
