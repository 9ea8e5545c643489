/** How many bytes of a second of speech OpenAI sends in each format: https://developers.openai.com/api/docs/guides/text-to-speech */
const BYTES_PER_SECOND: Record<string, number> = {
  pcm: 48_000,
  wav: 48_000,
  flac: 26_000,
  mp3: 20_000,
  aac: 16_000,
  opus: 6_000,
};
/** Of gpt-4o-mini-tts: $0.015 a minute at $12 a million audio tokens. */
const AUDIO_TOKENS_PER_SECOND = 20.83;
/** Spoken text is a token for four characters, and about six of audio for each. */
const CHARACTERS_PER_TOKEN = 4;
const AUDIO_TOKENS_PER_TOKEN = 6;

/** The audio tokens of speech that states no usage: by the length of the audio that came, and at least by the text. */
export function spokenTokens({
  characters,
  bytes,
  format = "mp3",
}: {
  characters: number;
  bytes: number;
  format?: string | undefined;
}): number {
  const rate = BYTES_PER_SECOND[format] ?? BYTES_PER_SECOND.mp3 ?? 1;
  const byText = Math.ceil(characters / CHARACTERS_PER_TOKEN) * AUDIO_TOKENS_PER_TOKEN;
  return Math.max(byText, Math.ceil((bytes / rate) * AUDIO_TOKENS_PER_SECOND));
}
