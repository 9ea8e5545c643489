import { expect, test } from "vitest";
import { atomFeed } from "./atom";

test("a feed stays one whatever its texts say", () => {
  const at = new Date("2026-11-24T14:32:01Z");
  const feed = atomFeed({
    title: "A & B",
    url: "https://onekey.example/status",
    self: "https://onekey.example/status/feed.xml",
    entries: [
      {
        id: "https://onekey.example/status#1",
        url: "https://onekey.example/status?a=1&b=2",
        title: '</title><script>"x"</script>',
        updated: at,
        html: "<p>5 &lt; 6</p>",
      },
    ],
  });
  expect(feed).toContain("<title>A &#38; B</title>");
  expect(feed).toContain("<updated>2026-11-24T14:32:01.000Z</updated>\n  <author>");
  expect(feed).not.toContain("<script>");
  expect(feed).toContain('<content type="html">&#60;p&#62;5 &#38;lt; 6&#60;/p&#62;</content>');
});
