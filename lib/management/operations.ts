import { AppError } from "@/lib/errors";
import type { ManagementOperation } from "./operation";
import { keyOperations } from "./key-operations";
import { memberOperations } from "./member-operations";
import { projectOperations } from "./project-operations";
import { readOperations } from "./read-operations";
import { webhookOperations } from "./webhook-operations";

/** Every operation of the management API. */
export const OPERATIONS: ManagementOperation[] = [
  ...projectOperations,
  ...keyOperations,
  ...memberOperations,
  ...webhookOperations,
  ...readOperations,
];

const ROUTES = OPERATIONS.map((operation) => ({
  operation,
  pattern: new RegExp(`^/v1/manage${operation.path.replaceAll(/\{\w+\}/g, "([\\w-]{1,64})")}$`),
}));

/** The operation of a method and path. Throws not_found, and method_not_allowed where the path has others. */
export function findOperation(
  method: string,
  pathname: string,
): { operation: ManagementOperation; params: string[] } {
  const matches = ROUTES.flatMap(({ operation, pattern }) => {
    const match = pattern.exec(pathname);
    return match ? [{ operation, params: match.slice(1) }] : [];
  });
  const route = matches.find(({ operation }) => operation.method === method);
  if (route) return route;
  if (matches.length === 0)
    throw new AppError("not_found", "There is no such path. /docs/api lists those of /v1/manage.");
  const methods = matches.map(({ operation }) => operation.method).join(", ");
  throw new AppError("method_not_allowed", `${pathname} takes ${methods}, not ${method}.`, {
    headers: { allow: methods },
  });
}
