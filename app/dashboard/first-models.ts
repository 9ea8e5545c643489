import type { FirstModels } from "@/components/dashboard/first-commands";
import type { Project } from "@/lib/accounts/schema";
import { modelFor } from "./projects/[id]/snippets";

/** The models that the first commands of a project name, of those that it allows. */
export function firstModels({ models }: Pick<Project, "models">): FirstModels {
  const claude = modelFor(["chat.completions", "messages"], models);
  const chat = claude ?? modelFor(["chat.completions"], models) ?? models?.[0] ?? "gpt-4o-mini";
  return { chat, claude };
}
