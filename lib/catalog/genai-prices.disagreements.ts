const THRESHOLD =
  'OpenAI\'s pages say "prompts with more than 272K input tokens": at 272,000 exactly the short price still holds. genai-prices starts one token early for these models, and at 272,000 like us for GPT-6 Sol and Luna.';

const NO_TTS =
  "genai-prices 0.1.8 has no Gemini 3.8 TTS: its pattern for Gemini 3.8 Flash catches the id. 0.2.3 (Python) has 0.5 and 9, 0.5 and 6, as here.";

const NO_LONG_CONTEXT =
  "Anthropic ended the long context of Sonnet 4.5 on 30 April 2026 and the model on 30 November 2026: no request has this price.";

/** Where our price and genai-prices' differ, and why ours is right. The test fails on a line that is missing here, and on one that is no longer true. */
export const DISAGREEMENTS: Record<string, string> = {
  "gpt-6-astra long above: ours 272000, theirs 271999": THRESHOLD,
  "gpt-5.6 long above: ours 272000, theirs 271999": THRESHOLD,
  "gpt-5.6-sol long above: ours 272000, theirs 271999": THRESHOLD,
  "gpt-5.6-terra long above: ours 272000, theirs 271999": THRESHOLD,
  "gpt-5.6-luna long above: ours 272000, theirs 271999": THRESHOLD,
  "gpt-5.5 long above: ours 272000, theirs 271999": THRESHOLD,
  "gpt-5.5-pro long above: ours 272000, theirs 271999": THRESHOLD,
  "gpt-5.4 long above: ours 272000, theirs 271999": THRESHOLD,
  "gpt-5.4-pro long above: ours 272000, theirs 271999": THRESHOLD,
  "claude-sonnet-5-5 cacheRead: ours 0.1, theirs 0.2":
    "genai-prices has no Sonnet 5.5: its pattern for Sonnet 5 catches the id. Sonnet 5.5's cache reads fell to $0.10 on 2026-10-06 (PromptFuel v1.0.23, synaps 0.10.2).",
  "gemini-3.8-flash-tts input: ours 0.5, theirs 0.75": NO_TTS,
  "gemini-3.8-flash-tts output: ours 9, theirs 3.75": NO_TTS,
  "gemini-3.8-flash-tts cacheRead: ours 0.5, theirs 0.075": NO_TTS,
  "gemini-3.8-flash-lite-tts input: ours 0.5, theirs 0.75": NO_TTS,
  "gemini-3.8-flash-lite-tts output: ours 6, theirs 3.75": NO_TTS,
  "gemini-3.8-flash-lite-tts cacheRead: ours 0.5, theirs 0.075": NO_TTS,
  "gemini-3.8-flash-tts input: ours 1, theirs 1.5": NO_TTS,
  "gemini-3.8-flash-tts output: ours 18, theirs 7.5": NO_TTS,
  "gemini-3.8-flash-tts cacheRead: ours 1, theirs 0.15": NO_TTS,
  "gemini-3.8-flash-lite-tts input: ours 1, theirs 1.5": NO_TTS,
  "gemini-3.8-flash-lite-tts output: ours 12, theirs 7.5": NO_TTS,
  "gemini-3.8-flash-lite-tts cacheRead: ours 1, theirs 0.15": NO_TTS,
  "claude-sonnet-4-5-20250929 input of a long request: ours none, theirs 6": NO_LONG_CONTEXT,
  "claude-sonnet-4-5-20250929 output of a long request: ours none, theirs 22.5": NO_LONG_CONTEXT,
  "claude-sonnet-4-5-20250929 cacheRead of a long request: ours none, theirs 0.6": NO_LONG_CONTEXT,
  "claude-sonnet-4-5-20250929 cacheWrite5m of a long request: ours none, theirs 7.5":
    NO_LONG_CONTEXT,
  "claude-sonnet-4-5-20250929 cacheWrite1h of a long request: ours none, theirs 12":
    NO_LONG_CONTEXT,
};
