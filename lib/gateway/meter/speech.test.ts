import { expect, test } from "vitest";
import { spokenTokens } from "./speech";

test("speech that states no usage is billed by its audio, not by its text", () => {
  // 30 tokens of text, read in ten and a half seconds of MP3 at 160 kbit/s.
  const spoken = spokenTokens({ characters: 4 * 30, bytes: 210_000, format: "mp3" });
  expect(spoken).toBe(219);
});

test("each format's bytes are those of its rate", () => {
  const ofTenSeconds = { pcm: 480_000, wav: 480_000, mp3: 200_000, opus: 60_000, aac: 160_000 };
  for (const [format, bytes] of Object.entries(ofTenSeconds))
    expect(spokenTokens({ characters: 0, bytes, format }), format).toBe(209);
});

test("audio that was interrupted before it began is billed by its text", () => {
  expect(spokenTokens({ characters: 400, bytes: 0 })).toBe(600);
});
