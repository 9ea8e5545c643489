import { expect, test } from "vitest";
import { atomFeed } from "@/app/(site)/models/changes.xml/feed";
import { listChanges } from "./changes";

const texts = (since: string) => listChanges({ since }).map(({ on, text }) => `${on} ${text}`);

test("the changes name releases, ends, redirects, aliases that moved and prices, the newest first", () => {
  const all = texts("2026-09-01");
  expect(all).toContain("2026-11-17 GPT-6.2 Astra can be called.");
  expect(all).toContain("2027-01-14 GPT-4o ends. Send gpt-6-luna instead.");
  expect(all).toContain(
    "2026-12-01 Requests for Gemini 2.5 Pro are served by gemini-3.8-flash, at its price.",
  );
  expect(all).toContain(
    "2026-12-01 The price of Gemini 4 Argon changes for a million tokens: input $2.00 to $4.00, cached input $0.10 to $0.20, output $10.00 to $20.00.",
  );
  expect(all).toEqual([...all].sort((a, b) => b.slice(0, 10).localeCompare(a.slice(0, 10))));
});

test("a change keeps its id, and no two have the same", () => {
  const ids = listChanges({ since: "2020-01-01" }).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(listChanges({ since: "2020-01-01" }).map(({ id }) => id)).toEqual(ids);
});

test("the feed is Atom, dates what is announced by today, and escapes what could be markup", () => {
  const model = { id: "m", name: 'A <b> & "c"', provider: "openai" as const };
  const event = (on: string) => ({
    id: `m/retires/${on}`,
    on,
    kind: "retires" as const,
    model,
    text: "It ends.",
  });
  const feed = atomFeed({
    address: "https://onekey.example",
    today: "2026-11-30",
    announced: [event("2027-01-01")],
    past: [event("2026-11-01")],
  });
  expect(feed).toContain("<title>Ends: A &#60;b&#62; &#38; &#34;c&#34;, 2027-01-01</title>");
  expect(feed.match(/<updated>[^<]+/g)).toEqual([
    "<updated>2026-11-01T00:00:00Z",
    "<updated>2026-11-30T00:00:00Z",
    "<updated>2026-11-01T00:00:00Z",
  ]);
  expect(feed).not.toContain("<b>");
});
