import type { EndpointName, Provider, Usage } from "@/lib/catalog/schema";
import type { ResponseItem } from "@/lib/providers/schema";
import { createDecoder } from "./decode";
import { createEventSplitter } from "./events";
import { pathsOf } from "./paths";
import { createPicker, type PickedValue } from "./pick";
import { createItemCollector } from "./response-items";
import { createResponseText } from "./response-text";
import { tokensOfResult, toolsShown, type ShownTools } from "./shown";
import { createStatedUsage, TRANSCRIPTIONS } from "./stated-usage";
import { createTerminalReader, type Terminal } from "./terminal";
import type { TextSample } from "./text";

export type UsageReader = {
  /** Takes the next bytes of the response. Never throws; what it keeps does not grow with the response. */
  push(chunk: Uint8Array): void;
  /** The response is over. */
  end(): void;
  /** Resolves when all that was pushed has been read: immediately, unless the response is compressed. */
  settled(): Promise<void>;
  /** The provider's own figures, or null when it gave none. */
  usage(): Usage | null;
  /** What the provider said of its input before it stopped, where that is all it said. */
  partial(): Usage | null;
  /** What the response has shown of the tools that the provider ran. */
  shown(): ShownTools;
  /** Whether an error came in place of a response: nothing was said, shown or stated before it. */
  refused(): boolean;
  /** How the provider said that it ended, or null. */
  terminal(): Terminal | null;
  /** `performance.now()` of the first visible token. */
  firstVisibleAt(): number | null;
  /** Characters of visible text: of a stream every one, in the proportion of its head where it is escaped. */
  visibleChars(): number;
  /** Bytes of the response so far, decompressed. */
  bytes(): number;
  /** The visible text at the head of the response, to count tokens by. */
  sample(): string;
  /** The calls of tools that the model wrote, and the arguments that they name. */
  writtenCalls(): TextSample["calls"];
  /** Whether the response is a stream of events. */
  streamed(): boolean;
  /** Ids of a stored response and its output items. */
  responseIds(): string[];
  serviceTier(): string | null;
};

type ReaderOptions = {
  endpoint: EndpointName;
  provider: Provider;
  contentType: string;
  contentEncoding?: string | undefined;
  /** Characters of a speech request's input: its binary response states nothing. */
  characters?: number | undefined;
  /** Images that were sent, where each is charged. */
  inputImages?: number | undefined;
  /** The model that the request's image tool runs. */
  imageModel?: string | undefined;
  /** Calls that each response is charged for. */
  callsPerResponse?: Record<string, number> | undefined;
  /** The request asked for the long cache lifetime, which OpenAI's usage does not distinguish. */
  longCache?: boolean | undefined;
};

/** Of one value that is read; a usage object of a long tool loop lists hundreds of iterations of about 200 bytes. */
const USAGE_BYTES_MAX = 1_048_576;
const EVENT_END = Buffer.from("}\n\n");
const ITEM_FIELDS = {
  itemId: "id",
  itemType: "type",
  itemAction: "action",
  itemName: "name",
} as const;
const isItemField = (name: string): name is keyof typeof ITEM_FIELDS => name in ITEM_FIELDS;

/** Reads usage out of a response as its bytes pass, in any dialect, streamed or not. */
export function createUsageReader({
  endpoint,
  provider,
  contentType,
  contentEncoding,
  characters,
  inputImages,
  imageModel,
  callsPerResponse,
  longCache,
}: ReaderOptions): UsageReader {
  const paths = pathsOf(endpoint);
  const isStream = /text\/event-stream/i.test(contentType);
  const isJson = /json/i.test(contentType) || contentType === "";
  const isPlain = TRANSCRIPTIONS.has(endpoint) && !isStream && /^text\//i.test(contentType);
  const text = createResponseText({ endpoint, isStream, isPlain });
  const facts = createStatedUsage({
    endpoint,
    provider,
    characters,
    inputImages,
    imageModel,
    callsPerResponse,
    longCache,
  });
  const terminal = createTerminalReader();
  const items = createItemCollector();
  let isOver = false;
  /** Of the current event: its type, its first characters, its size, and whether it holds base64. */
  let event = { type: "", head: "", bytes: 0, isBase64: false };
  let resultBytes = 0;
  let foundTokens = 0;

  const onPick = ({ name, raw, index }: PickedValue) => {
    const value = parse(raw);
    if (facts.take(name, value)) return;
    if (name === "status") terminal.onStatus(value);
    else if (name === "finish") terminal.onFinish(value);
    else if (name === "error") terminal.onError(value);
    else if (name === "sourceType") event.isBase64 = value === "base64";
    else if (typeof value !== "string") return;
    else if (name === "type") event.type = value;
    else if (name === "id") items.addId(value);
    else if (isItemField(name)) items.add(ITEM_FIELDS[name], value, index);
  };

  const picker = createPicker({
    plan: paths.stated,
    onPick,
    onElement: facts.addImage,
    valueMax: USAGE_BYTES_MAX,
    onOverflow: (name) => {
      if (name === "usage" || name === "startUsage") facts.discard();
    },
  });

  const onEvent = () => {
    const { type, head, bytes, isBase64 } = event;
    if (head.trimEnd() === "[DONE]") {
      isOver = true;
      terminal.onEnd();
    }
    if (/^(image_generation|image_edit)\.completed$/.test(type)) facts.addImage();
    if (type !== "") terminal.onEvent(type);
    const tokens = tokensOfResult(items.current(), { bytes, isBase64 });
    if (tokens > 0) resultBytes += bytes;
    foundTokens += tokens;
    items.flush();
    event = { type: "", head: "", bytes: 0, isBase64: false };
    picker.reset();
  };

  const splitter = createEventSplitter({
    onData(bytes) {
      if (isOver) return;
      event.bytes += bytes.length;
      if (event.head.length < 8) event.head += bytes.toString("latin1", 0, 8);
      picker.feed(bytes);
    },
    onEvent() {
      if (!isOver) onEvent();
    },
  });

  const read = (bytes: Buffer) => {
    text.push(bytes);
    if (isStream) {
      if (!isOver) splitter.feed(bytes.subarray(statesNothingUntil(bytes)));
    } else if (isJson) picker.feed(bytes);
  };

  /** Complete events of JSON that state nothing, which most are, are passed over: where the first other one begins. */
  const statesNothingUntil = (bytes: Buffer): number => {
    if (!splitter.between()) return 0;
    let first = bytes.length;
    for (const mark of paths.marks) {
      const at = bytes.indexOf(mark);
      if (at !== -1 && at < first) first = at;
    }
    const end =
      first < EVENT_END.length ? -1 : bytes.lastIndexOf(EVENT_END, first - EVENT_END.length);
    return end === -1 ? 0 : end + EVENT_END.length;
  };

  const decoder = createDecoder({ encoding: contentEncoding, onBytes: read });

  const withoutThrowing = <T extends unknown[]>(step: (...args: T) => void) => {
    return (...args: T) => {
      try {
        step(...args);
      } catch {
        // A reader that cannot follow must not break the response it watches: the request is then billed by an estimate.
        isOver = true;
      }
    };
  };

  const end = () => {
    if (isStream) splitter.end();
    items.flush();
    if (!isStream && picker.closed()) terminal.onEnd();
  };

  const shownTools = (): ShownTools => {
    items.flush();
    return toolsShown({ provider, items: items.items(), foundTokens });
  };
  const usage = () => facts.usage({ calls: () => shownTools().calls, bytes: text.bytes() });

  return {
    push: withoutThrowing((chunk: Uint8Array) =>
      decoder.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    ),
    end: withoutThrowing(() => {
      decoder.end();
      if (!decoder.pending()) end();
    }),
    settled: async () => {
      await decoder.settled();
      withoutThrowing(end)();
    },
    usage,
    partial: facts.partial,
    shown: shownTools,
    refused: () => {
      const { calls, foundTokens: tokens } = shownTools();
      return (
        terminal.get() === "failed" &&
        !facts.isStated() &&
        tokens === 0 &&
        Object.keys(calls).length === 0 &&
        text.sample().text === ""
      );
    },
    terminal: terminal.get,
    firstVisibleAt: () => text.sample().firstVisibleAt,
    visibleChars: () => text.visibleChars(resultBytes),
    bytes: text.bytes,
    sample: () => text.sample().text,
    writtenCalls: () => {
      const { count: countInHead, argumentCount } = text.sample().calls;
      items.flush();
      const count = Math.max(countInHead, countToolUses(items.items()));
      const argumentsPerCall = countInHead === 0 ? 1 : argumentCount / countInHead;
      return { count, argumentCount: count * argumentsPerCall };
    },
    streamed: () => isStream,
    responseIds: () => {
      if (!endpoint.startsWith("responses")) return [];
      items.flush();
      return items.ids();
    },
    serviceTier: () => facts.serviceTier() ?? usage()?.serviceTier ?? null,
  };
}

function countToolUses(items: Iterable<ResponseItem>): number {
  let count = 0;
  for (const { type } of items) if (type?.endsWith("tool_use")) count++;
  return count;
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
}
