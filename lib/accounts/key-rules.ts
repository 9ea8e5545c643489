import { AppError } from "@/lib/errors";
import { isAddressIn } from "./addresses";
import type { KeyScope } from "./seen-accounts";

export const invalidKey = () =>
  new AppError(
    "invalid_key",
    "This API key is not valid: it was revoked, regenerated, has expired or never existed. Create one in the dashboard.",
  );

/** When a key's secret stops working, in epoch milliseconds; undefined where it has no end. */
export const expiryOf = ({ account }: KeyScope, digest: string): number | undefined =>
  account.expiries?.find((expiry) => expiry.digest === digest)?.at;

type UsedKey = {
  scope: KeyScope;
  digest: string;
  model: string;
  address: string;
  origin?: string | undefined;
  now: number;
};

/** Whether the rules of key and project, as they were read, allow a request. */
export function isAllowed(
  { digest, model, address, origin, now }: Omit<UsedKey, "scope">,
  scope: KeyScope,
): boolean {
  const { project, key } = scope;
  return (
    (expiryOf(scope, digest) ?? Infinity) > now &&
    (project.models?.includes(model) ?? true) &&
    (key.models?.includes(model) ?? true) &&
    allowsAddress(project.addresses, address) &&
    allowsAddress(key.addresses, address) &&
    allowsOrigin(scope, origin)
  );
}

/** Throws invalid_key or forbidden for a request that those rules do not allow. */
export function refuseByRules(input: UsedKey): void {
  const { scope, digest, model, address, origin, now } = input;
  const { project, key } = scope;
  refuseExpired({ scope, digest, now });
  if (project.models && !project.models.includes(model))
    throw new AppError(
      "forbidden",
      `The project "${project.name}" does not allow the model ${model}: allow it in the project's limits.`,
      { param: "model" },
    );
  if (key.models && !key.models.includes(model))
    throw new AppError(
      "forbidden",
      `The key "${key.name}" does not allow the model ${model}. Allow it in the key's settings, or use another key.`,
      { param: "model" },
    );
  refuseAddress({ scope, address });
  refuseOrigin({ scope, origin });
}

/** Throws invalid_key once the time of a secret is over. */
export function refuseExpired({
  scope,
  digest,
  now,
}: Pick<UsedKey, "scope" | "digest" | "now">): void {
  if ((expiryOf(scope, digest) ?? Infinity) <= now) throw invalidKey();
}

/** Throws forbidden for a client whose address the list of the project or of the key does not name. */
export function refuseAddress({ scope, address }: Pick<UsedKey, "scope" | "address">): void {
  const { project, key } = scope;
  const owner = allowsAddress(project.addresses, address)
    ? `key "${key.name}"`
    : `project "${project.name}"`;
  if (allowsAddress(project.addresses, address) && allowsAddress(key.addresses, address)) return;
  const why =
    address === ""
      ? "allows only listed client addresses, and this server does not know the client's address."
      : `does not allow requests from the client address ${address}: allow it in the ${owner.startsWith("key") ? "key's settings" : "project's limits"}.`;
  throw new AppError("forbidden", `The ${owner} ${why}`);
}

/** Throws for the script of a website that a project's list does not name. */
export function refuseOrigin({ scope, origin }: Pick<UsedKey, "scope" | "origin">): void {
  if (allowsOrigin(scope, origin)) return;
  throw new AppError(
    "forbidden",
    `The project "${scope.project.name}" does not allow requests from the website ${(origin ?? "").slice(0, 200)}: allow it in the project's limits.`,
  );
}

const allowsOrigin = ({ project }: KeyScope, origin: string | undefined): boolean =>
  !project.origins || origin === undefined || project.origins.includes(origin);

const allowsAddress = (list: string[] | undefined, address: string): boolean =>
  list === undefined || isAddressIn(address, list);

/** The models that a key may call; undefined for all. */
export function allowedModels({ project, key }: KeyScope): string[] | undefined {
  if (!project.models) return key.models;
  const { models } = key;
  return models ? project.models.filter((id) => models.includes(id)) : project.models;
}
