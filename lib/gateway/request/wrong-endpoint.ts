import { listModels } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { providerRecord } from "@/lib/providers";
import { WRONG_ENDPOINT } from "../response/error-body";
import { ENDPOINTS, GEMINI_ACTIONS, GEMINI_ENDPOINTS, type Endpoint } from "./endpoints";

const EXAMPLES_MAX = 3;
/** Endpoints that go with another one: they are not suggested. */
const SECONDARY = new Set(["responses.compact", "gemini.batchEmbedContents"]);

const BY_PATH = { ...ENDPOINTS, ...GEMINI_ENDPOINTS };

/** The error of a model that the endpoint does not take: where this model is taken, and which models this endpoint takes. */
export function wrongEndpoint(model: Model, endpoint: Endpoint): AppError {
  const requestedPath = pathOf(endpoint);
  const paths = pathsOf(model);
  const use =
    paths.length > 0
      ? ` For ${model.id} use ${paths.map((path) => `POST ${path}`).join(" or ")}.`
      : "";
  const examples = examplesFor(endpoint);
  const takes =
    examples.length > 0
      ? ` POST ${requestedPath} takes models such as ${examples.join(", ")}.`
      : "";
  const claude = endpoint.dialect === "anthropic" ? " Claude Code needs a Claude model." : "";
  return new AppError(
    "bad_request",
    `The model ${model.id} is not supported at POST ${requestedPath}.${use}${takes}${claude}`,
    { param: "model", reason: WRONG_ENDPOINT },
  );
}

const isTaken = (model: Model, endpoint: Endpoint): boolean =>
  model.endpoints.includes(endpoint.name) &&
  providerRecord(model.provider).paths[endpoint.name] !== undefined;

function pathOf({ name }: Endpoint): string {
  const path = Object.keys(BY_PATH).find((knownPath) => BY_PATH[knownPath]?.name === name);
  return path ?? `/v1beta/models/{model}:${name.slice("gemini.".length)}`;
}

/** The paths that take a model, those that cost nothing left out. */
function pathsOf(model: Model): string[] {
  const paths = Object.entries(BY_PATH)
    .filter(([, endpoint]) => !endpoint.costless || model.kind === "moderation")
    .filter(([, endpoint]) => isTaken(model, endpoint) && !SECONDARY.has(endpoint.name))
    .map(([path]) => path);
  const actions = Object.entries(GEMINI_ACTIONS)
    .filter(
      ([, { name, costless }]) =>
        !costless && !SECONDARY.has(name) && model.endpoints.includes(name),
    )
    .map(([action]) => `/v1beta/models/${model.id}:${action}`);
  return [...paths, ...actions];
}

/** Models that an endpoint takes: the newest of each provider first. */
function examplesFor(endpoint: Endpoint): string[] {
  const all = listModels().filter((model) =>
    endpoint.dialect === "gemini"
      ? model.endpoints.includes(endpoint.name)
      : isTaken(model, endpoint),
  );
  const first = all.filter(
    (model, i) => all.findIndex((candidate) => candidate.provider === model.provider) === i,
  );
  return [...new Set([...first, ...all])].slice(0, EXAMPLES_MAX).map(({ id }) => id);
}
