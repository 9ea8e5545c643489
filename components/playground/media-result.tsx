import type { PlaygroundRequest } from "./build-body";
import { textAt, valueAt } from "./read-stream";

export type MediaOutput =
  | { kind: "images"; urls: string[] }
  | { kind: "speech"; url: string }
  | { kind: "embeddings"; vectors: number[][] };

/** What a response that is no stream contains. Its data exists only in this page. */
export async function readResult(
  response: Response,
  path: PlaygroundRequest["path"],
): Promise<MediaOutput> {
  if (path === "/v1/audio/speech")
    return { kind: "speech", url: URL.createObjectURL(await response.blob()) };
  const body: unknown = await response.json();
  const data = valueAt(body, "data");
  const entries: unknown[] = Array.isArray(data) ? data : [];
  if (path === "/v1/images/generations")
    return {
      kind: "images",
      urls: entries.flatMap((entry) => {
        const base64 = textAt(entry, "b64_json");
        return base64 === undefined ? [] : [`data:${typeOf(base64)};base64,${base64}`];
      }),
    };
  return {
    kind: "embeddings",
    vectors: entries.flatMap((entry) => {
      const vector = valueAt(entry, "embedding");
      return Array.isArray(vector) ? [vector.filter((item) => typeof item === "number")] : [];
    }),
  };
}

/** By the first bytes of the file, in base64. */
function typeOf(base64: string): string {
  if (base64.startsWith("/9j/")) return "image/jpeg";
  return base64.startsWith("UklGR") ? "image/webp" : "image/png";
}

/** Images, audio or vectors. */
export function MediaResult({ output }: { output: MediaOutput }) {
  if (output.kind === "images")
    return (
      <div className="flex flex-wrap gap-3">
        {output.urls.map((url, index) => (
          // oxlint-disable-next-line nextjs/no-img-element -- the image exists only in this page, as a data URL
          <img
            key={url.slice(-64)}
            src={url}
            alt={`Result ${index + 1}`}
            className="max-h-128 min-h-16 max-w-full min-w-16 rounded-lg border border-line"
          />
        ))}
      </div>
    );
  if (output.kind === "speech")
    return (
      // oxlint-disable-next-line jsx-a11y/media-has-caption -- the text that is read is in the form above
      <audio controls src={output.url} aria-label="Generated speech" className="w-full max-w-120" />
    );
  return (
    <ol className="grid gap-2">
      {output.vectors.map((vector, index) => (
        <li key={index} className="min-w-0">
          <p className="text-sm text-muted">
            Text {index + 1}, {vector.length} dimensions
          </p>
          <pre
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
            tabIndex={0}
            className="overflow-x-auto rounded-md bg-quiet px-3 py-2 font-mono text-xs/5"
          >
            [{vector.slice(0, 12).join(", ")}
            {vector.length > 12 ? ", …" : ""}]
          </pre>
        </li>
      ))}
    </ol>
  );
}
