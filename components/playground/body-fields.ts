import type { PlaygroundModel } from "@/lib/playground/schema";
import type { Answer, Attachment, Turn, UserMessage } from "./conversation";
import { parseTools, type FunctionTool, type PlaygroundSettings } from "./settings";

export type History = { input: Turn["input"]; answer: Answer }[];

export interface BodyInput {
  model: PlaygroundModel;
  settings: PlaygroundSettings;
  history: History;
  next: Turn["input"];
}

/** The sampling parameters that are set and that the model takes. */
export function samplingOf({ model, settings }: BodyInput) {
  const { temperature, topP } = settings;
  const { temperatureMax } = model;
  return {
    ...(temperature === undefined || temperatureMax === null
      ? {}
      : { temperature: Math.min(temperature, temperatureMax) }),
    ...(topP === undefined || !model.takesTopP ? {} : { top_p: topP }),
  };
}

export const toolsOf = ({ model, settings }: BodyInput): FunctionTool[] =>
  model.takesTools ? parseTools(settings.tools).tools : [];
export const stopsOf = ({ model, settings }: BodyInput): string[] =>
  model.takesStop
    ? (settings.stop ?? "")
        .split("\n")
        .filter((line) => line !== "")
        .slice(0, 4)
    : [];
export const outputOf = ({ model, settings }: BodyInput) =>
  Math.min(settings.maxOutput, model.maxOutput);
export const effortOf = ({ model, settings: { effort } }: BodyInput) =>
  effort !== undefined && model.efforts.includes(effort) ? effort : undefined;

/** "text" where the model does not take the chosen format. */
export const formatOf = ({ model, settings }: BodyInput) =>
  model.formats.includes(settings.format) ? settings.format : "text";

/** The message with its text files, each under its name. */
export const textOf = ({ text, attachments }: UserMessage): string =>
  [
    ...attachments
      .filter(({ kind }) => kind === "text")
      .map(({ name, data }) => `${name}:\n\n${data}`),
    text,
  ].join("\n\n");

export const base64Of = ({ data }: Attachment): string => data.slice(data.indexOf(",") + 1);
