import type { EndpointName } from "@/lib/catalog/schema";
import { pathsOf } from "./paths";
import { createTextByteCounter } from "./text-bytes";
import { plainText, sampleText, type TextSample, type TimedChunk } from "./text";

const KEPT_BYTES = 32_768;

/** The visible text of a response, as far as an estimate needs it; what it keeps does not grow with the response. */
export type ResponseText = {
  push(bytes: Buffer): void;
  /** The text at the head of the response. */
  sample(): TextSample;
  /** Characters of all visible text; of a stream in the proportion of its head where it is escaped. */
  visibleChars(resultBytes: number): number;
  bytes(): number;
};

export function createResponseText({
  endpoint,
  isStream,
  isPlain,
}: {
  endpoint: EndpointName;
  isStream: boolean;
  /** Whether the response is text as it stands, not JSON. */
  isPlain: boolean;
}): ResponseText {
  const { textKeys } = pathsOf(endpoint);
  const chunks: TimedChunk[] = [];
  let keptBytes = 0;
  let allBytes = 0;
  let lastSample: (TextSample & { bytes: number }) | null = null;
  const streamedText = isStream ? createTextByteCounter(textKeys) : null;
  const keptTextBytes = (): number => {
    const counter = createTextByteCounter(textKeys);
    for (const { bytes } of chunks) counter.feed(bytes);
    return counter.total();
  };
  const sample = (): TextSample => {
    if (lastSample?.bytes !== allBytes)
      lastSample = {
        ...(isPlain ? plainText(chunks) : sampleText({ chunks, endpoint, isStream })),
        bytes: allBytes,
      };
    return lastSample;
  };
  return {
    push(bytes) {
      allBytes += bytes.length;
      streamedText?.feed(bytes);
      if (keptBytes >= KEPT_BYTES) return;
      chunks.push({
        bytes: bytes.length > KEPT_BYTES ? Buffer.from(bytes.subarray(0, KEPT_BYTES)) : bytes,
        at: performance.now(),
      });
      keptBytes += Math.min(bytes.length, KEPT_BYTES);
    },
    sample,
    visibleChars(resultBytes) {
      const { text } = sample();
      if (streamedText) {
        if (text === "") return streamedText.total();
        const keptText = keptTextBytes();
        if (keptText > 0) return Math.round((text.length * streamedText.total()) / keptText);
      }
      return keptBytes === 0
        ? 0
        : Math.round(text.length * Math.max(1, (allBytes - resultBytes) / keptBytes));
    },
    bytes: () => allBytes,
  };
}
