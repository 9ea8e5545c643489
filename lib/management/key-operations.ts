import { findById } from "@/lib/accounts/queries";
import type { Limits } from "@/lib/accounts/schema";
import { changesBetween } from "@/lib/audit-log/changes";
import { AppError } from "@/lib/errors";
import { createKey } from "@/lib/keys/create";
import { getKey, listKeys, type KeyState } from "@/lib/keys/queries";
import { revokeKey } from "@/lib/keys/revoke";
import { rotateKey } from "@/lib/keys/rotate";
import type { ApiKey } from "@/lib/keys/schema";
import { updateKey } from "@/lib/keys/update";
import type { ManagementCaller } from "./authorize";
import { changeBy, etagOf, requireMatch } from "./change";
import { INPUTS, parseInput } from "./input";
import type { ManagementContext, ManagementOperation } from "./operation";
import { projectOf } from "./project-operations";
import { keyView } from "./views";

const targetOf = ({ _id, name, projectId }: ApiKey) => ({ id: _id, name, projectId });

/** The key that the path names, as it is now. Another account's is the same 404 as a missing one. */
async function keyOf({ account }: ManagementCaller, keyId: string): Promise<KeyState> {
  return getKey({ account: (await findById(account._id)) ?? account, keyId });
}

async function keyResponse(caller: ManagementCaller, keyId: string, fields: object = {}) {
  const view = keyView(await keyOf(caller, keyId));
  return { body: { ...view, ...fields }, etag: etagOf(view) };
}

const keyIdOf = ({ params }: ManagementContext): string => params[0] ?? "";

/** Throws forbidden where a body sets limits and the key has no scope for them. */
function refuseLimits({ key }: ManagementCaller, limits: Limits | undefined): void {
  if (limits !== undefined && !key.scopes.includes("limits"))
    throw new AppError("forbidden", 'The key has no scope "limits". Send a key that has it.');
}

const rulesOf = ({ name, expiresAt, models, addresses, limits }: ApiKey) => ({
  name,
  expiresAt,
  models,
  addresses,
  ...limits,
});

export const keyOperations: ManagementOperation[] = [
  {
    method: "GET",
    path: "/projects/{project}/keys",
    scope: "read",
    run: async (context) => {
      const { id: projectId } = projectOf(context);
      const states = await listKeys({ account: context.caller.account, projectId });
      return { status: 200, body: { data: states.map(keyView) } };
    },
  },
  {
    method: "POST",
    path: "/projects/{project}/keys",
    scope: "keys",
    run: async (context) => {
      const { caller, body } = context;
      const { id: projectId } = projectOf(context);
      const input = parseInput(INPUTS.newKey, body);
      refuseLimits(caller, input.limits);
      const { key, secret } = await changeBy(caller, "key.created", async (note) => {
        const newKey = await createKey({
          accountId: caller.account._id,
          projectId,
          name: input.name,
          expiresAt: input.expires_at ?? undefined,
          models: input.models ?? undefined,
          addresses: input.addresses ?? undefined,
          limits: input.limits,
          creator: { kind: "management_key", id: caller.key._id, name: caller.key.name },
        });
        const changes = changesBetween({}, { ...rulesOf(newKey.key), name: null });
        note({ target: targetOf(newKey.key), changes });
        return newKey;
      });
      return { status: 201, ...(await keyResponse(caller, key._id, { secret })) };
    },
  },
  {
    method: "GET",
    path: "/keys/{key}",
    scope: "read",
    run: async (context) => ({
      status: 200,
      ...(await keyResponse(context.caller, keyIdOf(context))),
    }),
  },
  {
    method: "PATCH",
    path: "/keys/{key}",
    scope: "keys",
    run: async (context) => {
      const { caller, body, ifMatch } = context;
      const state = await keyOf(caller, keyIdOf(context));
      const { expires_at: expiresAt, ...changes } = parseInput(INPUTS.keyChanges, body);
      refuseLimits(caller, changes.limits);
      requireMatch(ifMatch, keyView(state));
      await changeBy(caller, "key.changed", async (note) => {
        const { before, after } = await updateKey({
          accountId: caller.account._id,
          keyId: state.key._id,
          changes: { ...changes, expiresAt },
          version: state.key.version,
        });
        const differences = changesBetween(rulesOf(before), rulesOf(after));
        note({ target: targetOf(after), changes: differences });
      });
      return { status: 200, ...(await keyResponse(caller, state.key._id)) };
    },
  },
  {
    method: "POST",
    path: "/keys/{key}/rotate",
    scope: "keys",
    run: async (context) => {
      const { caller, body } = context;
      const { overlap } = parseInput(INPUTS.rotation, body);
      const { secret, key } = await changeBy(caller, "key.rotated", async (note) => {
        const rotation = { accountId: caller.account._id, keyId: keyIdOf(context), overlap };
        const newKey = await rotateKey(rotation);
        note({ target: targetOf(newKey.key) });
        return newKey;
      });
      return { status: 200, ...(await keyResponse(caller, key._id, { secret })) };
    },
  },
  {
    method: "DELETE",
    path: "/keys/{key}",
    scope: "keys",
    run: async (context) => {
      const { caller } = context;
      await changeBy(caller, "key.revoked", async (note) => {
        const key = await revokeKey({ accountId: caller.account._id, keyId: keyIdOf(context) });
        note({ target: targetOf(key) });
      });
      return { status: 204 };
    },
  },
];
