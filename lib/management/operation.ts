import type { ManagementScope } from "@/lib/management-keys/schema";
import type { ManagementCaller } from "./authorize";

export type ManagementContext = {
  caller: ManagementCaller;
  /** What the path names, in its order. */
  params: string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** The version that If-Match names; null without it. */
  ifMatch: string | null;
};

export type ManagementResponse = { status: number; body?: unknown; etag?: string };

export type ManagementOperation = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below /v1/manage; `{…}` stands for one segment. */
  path: string;
  scope: ManagementScope;
  run: (context: ManagementContext) => Promise<ManagementResponse>;
};
