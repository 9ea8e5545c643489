import { findModel } from "@/lib/catalog/queries";
import type { EndpointName } from "@/lib/catalog/schema";
import { estimateUsage } from "./estimate";
import type { UsageReader } from "./reader";

type EstimateRequest = {
  id: string;
  endpoint: EndpointName;
  reader: UsageReader;
  startedAt?: number;
  textBytes?: number;
  characters?: number;
  body?: Buffer;
  choices?: number;
  stream?: boolean;
  reasoning?: boolean | null;
  soundBytes?: number;
  drawn?: { size?: string; quality?: string };
};

/** The usage that is estimated for a request, of which a test states what it is about. */
export const estimate = ({
  id,
  endpoint,
  reader,
  startedAt = performance.now(),
  textBytes = 400,
  characters,
  body,
  choices = 1,
  stream = false,
  reasoning = null,
  soundBytes,
  drawn: imageFields,
}: EstimateRequest) => {
  const model = findModel(id);
  if (!model) throw new Error(`no model ${id}`);
  return estimateUsage({
    model,
    endpoint,
    reader,
    startedAt,
    scan: {
      textBytes,
      media: soundBytes ? [{ kind: "audio", from: "inline", bytes: soundBytes }] : [],
      choices,
      stream,
      reasoning,
      outputLimit: null,
      ...(characters ? { characters } : {}),
      ...imageFields,
    },
    body,
  });
};
