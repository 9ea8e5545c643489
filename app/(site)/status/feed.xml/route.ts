import { publicAddress } from "@/app/public-address";
import { formatTime } from "@/lib/format";
import { atomFeed, escapeXml, feedResponse } from "@/lib/http/atom";
import { listIncidents } from "@/lib/incidents/queries";

const ENTRIES_MAX = 50;

/** The incidents as an Atom feed. */
export async function GET() {
  const address = await publicAddress();
  const incidents = await listIncidents({ limit: ENTRIES_MAX });
  return feedResponse(
    atomFeed({
      title: "OneKey incidents",
      url: `${address}/status`,
      self: `${address}/status/feed.xml`,
      entries: incidents.map(({ _id, title, affected, startedAt, updates }) => ({
        id: `${address}/status#${_id}`,
        url: `${address}/status#${_id}`,
        title,
        updated: updates.at(-1)?.at ?? startedAt,
        html: [
          `<p>Affected: ${escapeXml(affected)}.</p>`,
          ...updates.map(
            ({ at, step, text }) =>
              `<p>${formatTime(at)} UTC, ${escapeXml(step)}: ${escapeXml(text)}</p>`,
          ),
        ].join("\n"),
      })),
    }),
  );
}
