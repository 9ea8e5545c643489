import type { z } from "zod";
import type { ManagementScope } from "@/lib/management-keys/schema";
import type { managementExamples } from "./management-examples";

export type ManagementText = {
  operationId: string;
  scope: ManagementScope;
  summary: string;
  description: string;
  /** What the response is, or a page of; none for a 204. */
  returns?: keyof typeof managementExamples;
  /** A list, complete or in pages by a cursor. */
  list?: "complete" | "pages";
  status?: 201;
  body?: { schema: z.ZodType; example: unknown };
  /** Needs If-Match. */
  updates?: true;
  query?: ("days" | "project" | "webhook" | "state")[];
};
