// Draws the comparison as an image that README can show: no scripts, no fonts to load, readable on light and dark.

const NAMES = {
  fast: "OneKey",
  next: "OneKey, through Next.js",
  portkey: "Portkey",
  write: "Least proxy + one update",
  usual: "Node proxy, as usual",
  proxy: "Node proxy, the least",
};
const ORDER = ["fast", "portkey", "next", "write", "usual", "proxy"];
const [WIDTH, BAR, GAP, LABEL] = [760, 22, 10, 190];

/** Two groups of bars: requests a second (longer is better) and CPU a request (shorter is better), 64 concurrent. */
export function chart({ results, when }) {
  const names = ORDER.filter((name) => results.plain?.[64]?.[name]);
  const groups = [
    {
      title: "Requests a second on one core, 64 concurrent, not streamed",
      kind: "plain",
      figure: "perSecond",
      unit: "/s",
    },
    {
      title: "Requests a second, streams of 50 chunks",
      kind: "burst",
      figure: "perSecond",
      unit: "/s",
    },
    {
      title: "CPU of the gateway for a request, not streamed (less is better)",
      kind: "plain",
      figure: "cpuUs",
      unit: " µs",
    },
  ].filter(({ kind }) => results[kind]?.[64]);
  let y = 16;
  const parts = [];
  for (const { title, kind, figure, unit } of groups) {
    parts.push(`<text class="t" x="0" y="${y + 14}">${title}</text>`);
    y += 28;
    const values = names.map((name) => results[kind][64][name][figure]);
    const maximum = Math.max(...values);
    for (const [i, name] of names.entries()) {
      const value = values[i];
      const width = Math.max(2, (value / maximum) * (WIDTH - LABEL - 90));
      parts.push(
        `<text x="0" y="${y + 15}">${NAMES[name]}</text>`,
        `<rect class="${name}" x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3"/>`,
        `<text x="${(LABEL + width + 8).toFixed(1)}" y="${y + 15}">${Math.round(value).toLocaleString("en-US")}${unit}</text>`,
      );
      y += BAR + GAP;
    }
    y += 18;
  }
  const note = `Measured ${when}. OneKey checks the key, holds and settles credit in a database and meters; of the others, one makes one update there.`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 16}" width="${WIDTH}" height="${y + 16}" role="img" aria-label="OneKey next to other gateways">
<style>
text { font: 13px system-ui, sans-serif; fill: #3f3f46 }
.t { font-weight: 600 }
.n { font-size: 11px; fill: #71717a }
rect { fill: #a1a1aa }
.fast { fill: #2563eb }
@media (prefers-color-scheme: dark) { text { fill: #d4d4d8 } .n { fill: #a1a1aa } rect { fill: #52525b } .fast { fill: #60a5fa } }
</style>
${parts.join("\n")}
<text class="n" x="0" y="${y + 6}">${note}</text>
</svg>
`;
}
