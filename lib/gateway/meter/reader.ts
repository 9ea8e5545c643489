import { NO_USAGE, type EndpointName, type Provider, type Usage } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import { createDecoder } from "./decode";
import { createEventSplitter } from "./events";
import { COSTLESS, pathsOf } from "./paths";
import { imageToolUsage, shownImages } from "./image-tool";
import { createPicker, type Picked } from "./pick";
import { tokensOfResult, toolsShown, type Item, type Shown } from "./shown";
import { createTextByteCounter } from "./text-bytes";
import { plainText, sampleText, type Held, type Sample } from "./text";
import {
  isStated,
  merge,
  milliseconds,
  normalise,
  statesCacheLifetimes,
  withExtras,
  type Stated,
} from "./usage";

export type Terminal = "complete" | "incomplete" | "failed";

export type UsageReader = {
  /** Takes the next bytes of the answer. Never throws; what it keeps does not grow with the answer. */
  push(chunk: Uint8Array): void;
  /** The answer is over. */
  end(): void;
  /** Resolves when all that was pushed has been read: at once, unless the answer is compressed. */
  settled(): Promise<void>;
  /** The provider's own figures, or null when it gave none. */
  usage(): Usage | null;
  /** What the provider said of its input before it left off, where that is all it said. */
  partial(): Usage | null;
  /** What the answer has shown of the tools that the provider ran. */
  shown(): Shown;
  /** Whether an error came in place of an answer: nothing was said, shown or stated before it. */
  refused(): boolean;
  /** How the provider said that it ended, or null. */
  terminal(): Terminal | null;
  /** `performance.now()` of the first visible token. */
  firstVisibleAt(): number | null;
  /** Characters of visible text: of a stream every one, in the proportion of its head where it is escaped. */
  visibleChars(): number;
  /** Bytes of the response so far, unpacked. */
  bytes(): number;
  /** The visible text at the head of the answer, to count tokens by. */
  sample(): string;
  /** Whether the answer is a stream of events. */
  streamed(): boolean;
  /** Ids of a stored response and its output items. */
  responseIds(): string[];
  serviceTier(): string | null;
};

type Options = {
  endpoint: EndpointName;
  provider: Provider;
  contentType: string;
  contentEncoding?: string | undefined;
  /** Characters of a speech request's input: its binary answer states nothing. */
  characters?: number | undefined;
  /** Images that were sent, where each is charged. */
  inputImages?: number | undefined;
  /** The model that the request's image tool runs. */
  imageModel?: string | undefined;
  /** Calls that each response is charged for. */
  callsPerResponse?: Record<string, number> | undefined;
  /** The request asked for the long cache lifetime, which OpenAI's usage does not tell apart. */
  longCache?: boolean | undefined;
};

const HELD_BYTES = 32_768;
/** Of one value that is read; a usage object of a long tool loop lists hundreds of iterations of about 200 bytes. */
const USAGE_BYTES_MAX = 1_048_576;
const ITEMS_MAX = 2_000;
const MODEL_ID_MAX = 128;
/** 10,000,000,000 ticks are a dollar: https://docs.x.ai/developers/cost-tracking */
const TICKS_PER_NANO = 10;
/** How a response or an interaction says that it ended. */
const TERMINALS: Record<string, Terminal> = {
  completed: "complete",
  requires_action: "complete",
  requires_continuation: "complete",
  incomplete: "incomplete",
  budget_exceeded: "incomplete",
  failed: "failed",
};
const SPEECH: ReadonlySet<EndpointName> = new Set<EndpointName>(["audio.speech", "tts"]);
const TRANSCRIPTIONS: ReadonlySet<EndpointName> = new Set<EndpointName>([
  "audio.transcriptions",
  "audio.translations",
  "stt",
]);
const EVENT_END = Buffer.from("}\n\n");

/** Reads usage out of an answer as its bytes pass, in any dialect, streamed or not. */
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
}: Options): UsageReader {
  const paths = pathsOf(endpoint);
  const rules = providerRecord(provider).usage;
  const events = /text\/event-stream/i.test(contentType);
  const json = /json/i.test(contentType) || contentType === "";
  const plain = TRANSCRIPTIONS.has(endpoint) && !events && /^text\//i.test(contentType);
  const held: Held[] = [];
  let [heldBytes, allBytes] = [0, 0];
  let stated: Stated | null = null;
  let authoritative = false;
  /** Figures were stated that could not be kept, so that the rest of them is not the usage. */
  let unreadable = false;
  let done = false;
  let terminal: Terminal | null = null;
  let serviceTier: string | null = null;
  let servedModel: string | null = null;
  /** How many searches OpenAI says that it bills, which may be fewer than those shown. */
  let searches: number | null = null;
  let imageUsage: Stated | null = null;
  let type = "";
  let [images, seconds] = [0, 0];
  let head = "";
  let item: Item = {};
  let [eventBytes, resultBytes, found, packed] = [0, 0, 0, false];
  /** Made when the first comes: most answers have none. */
  let queries: Set<string> | null = null;
  let outputs: Map<number, Item> | null = null;
  let items: Map<string, Item> | null = null;
  let sampled: (Sample & { bytes: number }) | null = null;

  const onPick = ({ name, raw, index }: Picked) => {
    const value = parse(raw);
    switch (name) {
      case "usage":
        if (isStated(value)) takeUsage(value, true);
        return;
      case "startUsage":
        if (isStated(value)) takeUsage(value, false);
        return;
      case "serviceTier":
        if (typeof value === "string") serviceTier = value.slice(0, 32);
        return;
      case "model":
        if (typeof value === "string" && value.length <= MODEL_ID_MAX)
          servedModel = value.replace(/^models\//, "");
        return;
      case "searches":
        if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)
          searches = value;
        return;
      case "imageUsage":
        if (isStated(value)) imageUsage = value;
        return;
      case "type":
        if (typeof value === "string") type = value;
        return;
      case "status":
        terminal = TERMINALS[String(value)] ?? terminal;
        return;
      case "finish":
        // A number with `enum-encoding=int`, of which 0 is none.
        if (typeof value === "string" || (typeof value === "number" && value > 0))
          terminal = "complete";
        return;
      case "error":
        if (value !== null) terminal = "failed";
        return;
      case "queries":
      case "imageQueries":
        takeQueries(name, value);
        return;
      case "duration":
        seconds = Number(value) || 0;
        return;
      case "id":
        if (typeof value === "string") remember({ id: value });
        return;
      case "sourceType":
        packed = value === "base64";
        return;
      default:
        takeItem(name, value, index);
    }
  };

  /** The last figures win; Anthropic's come field by field, and its message_start only knows the input. */
  const takeUsage = (value: Stated, whole: boolean) => {
    stated = stated && endpoint === "messages" ? merge(stated, value) : value;
    authoritative ||= whole;
  };

  /** Google bills each query once, and no empty one: https://ai.google.dev/gemini-api/docs/google-search#pricing */
  const takeQueries = (kind: string, value: unknown) => {
    if (!Array.isArray(value)) return;
    queries ??= new Set();
    for (const query of value)
      if (typeof query === "string" && query !== "" && queries.size < ITEMS_MAX)
        queries.add(`${kind} ${query}`);
  };

  const takeItem = (name: string, value: unknown, index: number) => {
    if (typeof value !== "string") return;
    outputs ??= new Map();
    const target = index >= 0 ? (outputs.get(index) ?? {}) : item;
    if (name === "itemId") target.id = value;
    else if (name === "itemType") target.type = value;
    else if (name === "itemAction") target.action = value;
    else target.name = value;
    if (index >= 0 && outputs.size < ITEMS_MAX) outputs.set(index, target);
  };

  const remember = (found: Item) => {
    if (!found.id || found.id.length > 256) return;
    items ??= new Map();
    if (items.size < ITEMS_MAX) items.set(found.id, { ...items.get(found.id), ...found });
  };

  const flushItems = () => {
    remember(item);
    item = {};
    if (!outputs) return;
    for (const output of outputs.values()) remember(output);
    outputs.clear();
  };

  const picker = createPicker({
    plan: paths.stated,
    onPick,
    onElement: () => images++,
    valueMax: USAGE_BYTES_MAX,
    onOverflow: (name) => {
      if (name === "usage" || name === "startUsage") unreadable = true;
    },
  });

  const onEvent = () => {
    if (head.trimEnd() === "[DONE]") {
      done = true;
      terminal ??= "complete";
    }
    if (type === "message_stop") terminal ??= "complete";
    if (/^(image_generation|image_edit)\.completed$/.test(type)) {
      images++;
      terminal = "complete";
    }
    if (type === "transcript.text.done" || type === "speech.audio.done") terminal = "complete";
    if (type === "error") terminal = "failed";
    if (/^response\.(completed|incomplete|failed)$/.test(type))
      terminal =
        type === "response.completed"
          ? "complete"
          : type === "response.failed"
            ? "failed"
            : "incomplete";
    const tokens = tokensOfResult(item, { bytes: eventBytes, packed });
    if (tokens > 0) resultBytes += eventBytes;
    found += tokens;
    [eventBytes, packed] = [0, false];
    flushItems();
    type = "";
    head = "";
    picker.reset();
  };

  const textBytes = createTextByteCounter(paths.textKeys);
  const heldTextBytes = (): number => {
    const counter = createTextByteCounter(paths.textKeys);
    for (const { bytes } of held) counter.feed(bytes);
    return counter.total();
  };

  const splitter = createEventSplitter({
    onData(bytes) {
      if (done) return;
      eventBytes += bytes.length;
      if (head.length < 8) head += bytes.toString("latin1", 0, 8);
      picker.feed(bytes);
    },
    onEvent() {
      if (!done) onEvent();
    },
  });

  const read = (bytes: Buffer) => {
    allBytes += bytes.length;
    if (events) textBytes.feed(bytes);
    if (heldBytes < HELD_BYTES) {
      held.push({
        bytes: bytes.length > HELD_BYTES ? Buffer.from(bytes.subarray(0, HELD_BYTES)) : bytes,
        at: performance.now(),
      });
      heldBytes += Math.min(bytes.length, HELD_BYTES);
    }
    if (events) {
      if (!done) splitter.feed(bytes.subarray(statesNothingUntil(bytes)));
    } else if (json) picker.feed(bytes);
  };

  /** Whole events of JSON that state nothing, which most are, are passed over: where the first other one begins. */
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

  const guarded = <T extends unknown[]>(step: (...args: T) => void) => {
    return (...args: T) => {
      try {
        step(...args);
      } catch {
        // A reader that cannot follow must not break the answer it watches: the request is then billed by an estimate.
        done = true;
      }
    };
  };

  const end = () => {
    if (events) splitter.end();
    flushItems();
    if (!events && picker.closed()) terminal ??= "complete";
  };

  const usage = (): Usage | null => {
    if (COSTLESS.has(endpoint)) return { ...NO_USAGE };
    if (unreadable) return null;
    const found = stated && authoritative ? normalise(stated, { endpoint, provider }) : null;
    const extras = found ?? unstated();
    return extras ? complete(extras) : null;
  };

  /** Figures that an answer shows without stating a usage: counted images, a duration, the characters of a speech request. */
  const unstated = (): Usage | null => {
    if (SPEECH.has(endpoint) && characters !== undefined && allBytes > 0)
      return { ...NO_USAGE, characters };
    if (TRANSCRIPTIONS.has(endpoint) && seconds > 0)
      return { ...NO_USAGE, milliseconds: milliseconds(seconds) };
    if (endpoint.startsWith("images.") && rules.imagesByPiece && images > 0) return { ...NO_USAGE };
    return null;
  };

  const shown = (): Shown => {
    flushItems();
    return toolsShown({ provider, items: items?.values() ?? [], found });
  };

  /** Adds what is stated outside of the usage object to `found`, which is this call's own. */
  const complete = (found: Usage): Usage => {
    const calls = found.calls ?? {};
    // OpenAI's usage counts no calls; newer responses state next to it how many searches are billed.
    if (rules.callsAreShown) Object.assign(calls, shown().calls);
    if (rules.callsAreShown && searches !== null) calls.webSearch = searches;
    Object.assign(calls, callsPerResponse);
    if (imageModel !== undefined) {
      const drawn = imageUsage
        ? [imageToolUsage(imageUsage, imageModel)]
        : shownImages(calls.imageGeneration ?? 0, imageModel);
      if (drawn.length > 0) found.byModel = [...(found.byModel ?? []), ...drawn];
    }
    if (queries?.size) Object.assign(calls, { webSearch: queries.size, groundedPrompt: 1 });
    found.calls = calls;
    if (longCache && stated !== null && !statesCacheLifetimes(stated)) {
      found.cacheWrite1h += found.cacheWrite5m;
      found.cacheWrite5m = 0;
    }
    if (endpoint.startsWith("images.")) Object.assign(found, { images, inputImages });
    if (SPEECH.has(endpoint) && characters !== undefined) found.characters = characters;
    if (serviceTier !== null) found.serviceTier = serviceTier;
    if (servedModel !== null) found.model = servedModel;
    const kept = withExtras(found);
    const statesCost = providerRecord(provider).costReport === "in_responses";
    const ticks = statesCost ? stated?.cost_in_usd_ticks : undefined;
    if (typeof ticks === "number" && Number.isSafeInteger(ticks) && ticks >= 0)
      kept.statedCost = Math.ceil(ticks / TICKS_PER_NANO);
    return kept;
  };

  const sample = (): Sample => {
    if (sampled?.bytes !== allBytes)
      sampled = {
        ...(plain ? plainText(held) : sampleText({ held, endpoint, events })),
        bytes: allBytes,
      };
    return sampled;
  };

  return {
    push: guarded((chunk: Uint8Array) =>
      decoder.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    ),
    end: guarded(() => {
      decoder.end();
      if (!decoder.pending()) end();
    }),
    settled: async () => {
      await decoder.settled();
      guarded(end)();
    },
    usage,
    partial: () =>
      stated && !authoritative && !unreadable
        ? normalise({ ...stated, iterations: [] }, { endpoint, provider })
        : null,
    shown,
    refused: () => {
      const { calls, found: put } = shown();
      return (
        terminal === "failed" &&
        !stated &&
        put === 0 &&
        Object.keys(calls).length === 0 &&
        sample().text === ""
      );
    },
    terminal: () => terminal,
    firstVisibleAt: () => sample().firstVisibleAt,
    visibleChars: () => {
      const { text } = sample();
      if (events && text === "") return textBytes.total();
      const heldText = events ? heldTextBytes() : 0;
      if (heldText > 0) return Math.round((text.length * textBytes.total()) / heldText);
      return heldBytes === 0
        ? 0
        : Math.round(text.length * Math.max(1, (allBytes - resultBytes) / heldBytes));
    },
    bytes: () => allBytes,
    sample: () => sample().text,
    streamed: () => events,
    responseIds: () =>
      endpoint.startsWith("responses") ? [...(flushItems(), items?.keys() ?? [])] : [],
    serviceTier: () => serviceTier ?? usage()?.serviceTier ?? null,
  };
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
}
