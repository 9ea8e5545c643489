import type { PlaygroundModel } from "@/lib/playground/schema";
import type { Attachment } from "./conversation";

/** All files of a message together; the gateway takes 32 MiB, and base64 adds a third. */
const BYTES_MAX = 20 * 1024 * 1024;
const IMAGES = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const TEXTS =
  /\.(txt|md|csv|tsv|json|jsonl|xml|html|css|js|mjs|ts|tsx|jsx|py|rb|go|rs|java|c|h|cpp|sh|sql|ya?ml|toml|log)$/i;

function kindOf({ type, name }: File): Attachment["kind"] | null {
  if (IMAGES.includes(type)) return "image";
  if (type === "application/pdf") return "pdf";
  if (/^audio\/(x-)?(wav|wave|mpeg|mp3)$/.test(type)) return "audio";
  return type.startsWith("text/") || TEXTS.test(name) ? "text" : null;
}

/** Reads files into memory. Each that a model does not take is named with the reason. */
export async function readFiles(input: {
  files: File[];
  models: PlaygroundModel[];
  present: Attachment[];
}): Promise<{ attachments: Attachment[]; problems: string[] }> {
  const attachments: Attachment[] = [];
  const problems: string[] = [];
  let total = input.present.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const file of input.files) {
    const kind = kindOf(file);
    const without = input.models.find(
      (model) => kind !== null && kind !== "text" && !model.input.includes(kind),
    );
    if (kind === null) problems.push(`${file.name}: this kind of file is not supported.`);
    else if (without) problems.push(`${file.name}: ${without.name} does not take ${words[kind]}.`);
    else if (total + file.size > BYTES_MAX)
      problems.push(`${file.name}: the files of a message have at most 20 MiB together.`);
    else {
      total += file.size;
      attachments.push({
        id: crypto.randomUUID(),
        name: file.name,
        kind,
        mime: file.type,
        bytes: file.size,
        data: kind === "text" ? await file.text() : await dataUrlOf(file),
      });
    }
  }
  return { attachments, problems };
}

const words: Record<Attachment["kind"], string> = {
  image: "images",
  pdf: "PDF files",
  audio: "audio",
  text: "text files",
};

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("unreadable")));
    reader.readAsDataURL(file);
  });
}
