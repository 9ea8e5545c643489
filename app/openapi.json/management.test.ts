import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { startMail } from "../../sandbox/mail";
import { findById } from "@/lib/accounts/queries";
import { acceptInvitation, addInvitations } from "@/lib/teams/invitations";
import { createTeam } from "@/lib/auth/teams";
import { findOrCreateUser } from "@/lib/auth/users";
import { useOwnDatabase } from "@/lib/db/own-database";
import { newId } from "@/lib/ids";
import { regenerateKey } from "@/lib/keys/regenerate";
import { post } from "@/lib/ledger/post";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { createManagementKey } from "@/lib/management-keys/create";
import { ManagementScope } from "@/lib/management-keys/schema";
import { OPERATIONS } from "@/lib/management/operations";
import { serveManagement } from "@/lib/management/serve";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS } from "@/lib/usage/schema";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { startReceiver } from "@/lib/webhooks/testing/receiver";
import { listedOperations, referenceOf, successOf } from "../(site)/(reference)/docs/api/reference";
import { openApiDocument } from "./document";
import { managementTexts } from "./management-texts";

const mail = await startMail();
afterAll(mail.close);
const receiver = await startReceiver();
afterAll(receiver.close);

useOwnDatabase(ensureIndexes);
beforeAll(() => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});

const document = openApiDocument("https://onekey.example");
const { operations, schemas } = referenceOf(document);
const managementOperations = operations.filter(({ tags }) => tags.includes("Management"));
const targetOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

type SentRequest = {
  secret: string;
  target: string;
  body?: unknown;
  headers?: Record<string, string>;
};

/** Sends a request to the handler and checks that the document describes its status, headers and body. */
async function sendChecked(
  operationTarget: string,
  { secret, target, body, headers = {} }: SentRequest,
) {
  const [method = "", path = ""] = target.split(" ");
  const response = await serveManagement(
    new Request(`http://127.0.0.1${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const operation = managementOperations.find(
    (candidate) => targetOf(candidate) === operationTarget,
  );
  const description = operation?.responses[String(response.status)];
  expect(description, `${target} ${response.status} ${text}`).toBeDefined();
  const names = Object.keys(description?.headers ?? {});
  for (const name of ["x-onekey-request-id", "etag"])
    expect(names.includes(name), `${target} ${name}`).toBe(response.headers.has(name));
  for (const name of ["retry-after", "allow", "www-authenticate"])
    if (response.headers.has(name)) expect(names, target).toContain(name);
  const schema = description?.content?.["application/json"]?.schema;
  expect(text === "", target).toBe(schema === undefined);
  const value = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  if (schema) expect(schemaErrors(schema, value), `${target} ${text}`).toBeUndefined();
  return { status: response.status, value };
}

/** What the JSON Schema of the document, which allows no field that it does not list, says is wrong with a value. */
function schemaErrors(schema: object, value: unknown): string | undefined {
  const schemaText = JSON.stringify({ ...schema, $defs: schemas });
  const withDefinitions = JSON.parse(
    schemaText.replaceAll("#/components/schemas/", "#/$defs/"),
  ) as Record<string, unknown>;
  return z.fromJSONSchema(withDefinitions).safeParse(value).error?.message;
}

async function customer() {
  const user = await findOrCreateUser({ email: `${newId("usr")}@example.com` });
  const { _id: accountId, projects } = await createTeam({ user, name: "Fieldnote" });
  const creator = { kind: "person", id: user._id, name: "Mira" } as const;
  const scopes = ManagementScope.options;
  const { secret } = await createManagementKey({
    accountId,
    name: "deploy-bot",
    scopes: [...scopes],
    creator,
  });
  return { accountId, projectId: projects[0]?.id ?? "", secret, creator };
}

test("the document has every operation of the management API with its scope, and no other", () => {
  const table = OPERATIONS.map(({ method, path, scope }) => [`${method} ${path}`, scope]);
  const texts = Object.entries(managementTexts).map(([target, { scope }]) => [target, scope]);
  expect(Object.fromEntries(texts)).toEqual(Object.fromEntries(table));
  expect(texts).toHaveLength(table.length);
  expect(managementOperations.map((operation) => targetOf(operation)).toSorted()).toEqual(
    OPERATIONS.map(({ method, path }) => `${method} /v1/manage${path}`).toSorted(),
  );
  for (const { operationId, security } of managementOperations) {
    expect(Object.keys(security[0] ?? {}), operationId).toEqual(["managementKey"]);
    expect(listedOperations.map((operation) => operation.operationId)).toContain(operationId);
  }
});

test("the example of every response fits its schema", () => {
  for (const operation of managementOperations)
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const json = content?.["application/json"];
      if (json)
        expect(
          schemaErrors(json.schema, json.example),
          `${operation.operationId} ${status}`,
        ).toBeUndefined();
    }
});

test("each operation takes the example of its body and responds as it is described", async () => {
  const { accountId, projectId, secret, creator } = await customer();
  const now = new Date();
  const member = await findOrCreateUser({ email: "jonas@example.com" });
  const [forMember, pending] = await addInvitations({
    accountId,
    emails: [member.email, "lena@example.com"],
    role: "billing",
    by: { userId: creator.id },
    invitedBy: creator,
    now,
    memberEmails: new Set(),
  });
  await acceptInvitation({ token: forMember?.token ?? "", user: member, now });
  await post({ sourceId: `grt_${accountId}`, accountId, kind: "grant", amount: 1_000 });
  await recordUsage({
    _id: newId("req"),
    accountId,
    projectId,
    at: new Date(),
    model: "gpt-6-luna",
    provider: "openai",
    channel: "openai-1",
    endpoint: "chat.completions",
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost: 5,
    free: false,
    latencyMs: 1,
    firstByteMs: null,
    usageSource: "provider",
  });
  const newKey = await sendChecked("POST /v1/manage/projects/{project}/keys", {
    secret,
    target: `POST /v1/manage/projects/${projectId}/keys`,
    body: { name: "ci" },
  });
  const webhooks = "/v1/manage/webhooks";
  const newWebhook = await sendChecked(`POST ${webhooks}`, {
    secret,
    target: `POST ${webhooks}`,
    body: { url: receiver.url, events: ["payment.failed"] },
  });
  const webhookPath = `${webhooks}/${String(newWebhook.value.id)}`;
  await sendChecked(`POST ${webhooks}/{webhook}/test`, {
    secret,
    target: `POST ${webhookPath}/test`,
  });
  const [delivery] = await listDeliveries({ accountId, limit: 1 });
  const order = [
    "manageDeleteWebhook",
    "manageRemoveMember",
    "manageRevokeInvitation",
    "manageRevokeKey",
    "manageDeleteProject",
  ];
  const deletesLast = managementOperations.toSorted(
    (a, b) => order.indexOf(a.operationId) - order.indexOf(b.operationId),
  );
  for (const operation of deletesLast) {
    const path = operation.path
      .replace("{project}", projectId)
      .replace("{member}", member._id)
      .replace("{invitation}", pending?.invitation.id ?? "")
      .replace("{key}", String(newKey.value.id))
      .replace("{webhook}", String(newWebhook.value.id))
      .replace("{delivery}", delivery?._id ?? "");
    const example: unknown = Object.values(operation.requestBody?.content ?? {})[0]?.example;
    // The host of the example is nobody's.
    const body =
      operation.operationId === "manageCreateWebhook"
        ? { ...(example as object), url: receiver.url }
        : example;
    const headers = operation.parameters.some(({ name }) => name === "If-Match")
      ? { "if-match": "*" }
      : undefined;
    const target = `${operation.method} ${path}`;
    const { status, value } = await sendChecked(targetOf(operation), {
      secret,
      target,
      body,
      ...(headers ? { headers } : {}),
    });
    expect(String(status), target).toBe(successOf(operation).status);
    if (Array.isArray(value.data)) expect(value.data.length, target).toBeGreaterThan(0);
  }
});

test("refused requests respond as the document says and change nothing", async () => {
  const { accountId, projectId, secret } = await customer();
  const rename = "PATCH /v1/manage/projects/{project}";
  const target = `PATCH /v1/manage/projects/${projectId}`;
  const match = { "if-match": "*" };
  const body = { name: "x" };
  const onceHeaders = { ...match, "idempotency-key": "1" };
  await sendChecked(rename, { secret, target, body, headers: onceHeaders });
  const account = await findById(accountId);
  const modelKey = await regenerateKey({ accountId, projectId });
  const refusals: [number, SentRequest][] = [
    [400, { secret, target, body: { title: "x" }, headers: match }],
    [401, { secret: "none", target, body }],
    [403, { secret: modelKey, target, body }],
    [404, { secret, target: "PATCH /v1/manage/projects/prj_none", body, headers: match }],
    [405, { secret, target: `PUT /v1/manage/projects/${projectId}`, body }],
    [409, { secret, target, body: { name: "y" }, headers: onceHeaders }],
    [412, { secret, target, body, headers: { "if-match": '"old"' } }],
    [413, { secret, target, body: { name: "x".repeat(70_000) }, headers: match }],
    [428, { secret, target, body }],
  ];
  for (const [status, request] of refusals)
    expect((await sendChecked(rename, request)).status).toBe(status);
  expect((await findById(accountId))?.projects).toEqual(account?.projects);
});
