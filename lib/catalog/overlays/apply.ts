import { now } from "@/lib/clock";
import { AppError, isDuplicate } from "@/lib/errors";
import type { ListedModel } from "../listed";
import { problemsOf, type CatalogProblem } from "../problems";
import { overlays } from "./collection";
import { JsonError, parseWithLines, type LineIndex } from "./lines";
import { mergeModels, modelsAt, timelineOf } from "./merge";
import { listOverlays, standingOverlays } from "./queries";
import { refreshCatalog } from "./refresh";
import { OverlayFile, type Overlay } from "./schema";

/** A change that an overlay makes to one field of a model, as text to read. */
export type CatalogChange = {
  model: string;
  field: string;
  before: string | null;
  after: string | null;
};
export type OverlayPreview = { effective: Date; changes: CatalogChange[] };

type CheckedOverlay = {
  file: OverlayFile;
  effective: Date;
  all: Overlay[];
  before: ListedModel[];
  after: ListedModel[];
};

/** What a file would change. Throws bad_request with the first line that is wrong. */
export async function previewOverlay(text: string): Promise<OverlayPreview> {
  const { before, after, effective } = await checkFile(text);
  return { effective, changes: changesBetween(before, after) };
}

/**
 * Puts a file in force, completely or not at all, and returns its version. Other instances follow within the time of their
 * refresh. Throws bad_request with the first line that is wrong, and unavailable when another version was applied in between.
 */
export async function applyOverlay({
  text,
  by,
}: {
  text: string;
  by: string | null;
}): Promise<Overlay> {
  const { file, effective, all, before, after } = await checkFile(text);
  if (changesBetween(before, after).length === 0)
    throw new AppError(
      "bad_request",
      "The file changes nothing: the catalog already has these values.",
    );
  const overlay: Overlay = {
    _id: (all.at(-1)?._id ?? 0) + 1,
    at: new Date(now()),
    by,
    effective,
    note: file.note ?? "",
    models: file.models,
  };
  const skippedVersions = timelineOf([...all, overlay], overlay.at).skipped;
  const [brokenVersion] = skippedVersions.filter(
    (version) => !timelineOf(all, overlay.at).skipped.includes(version),
  );
  if (brokenVersion !== undefined)
    throw new AppError(
      "bad_request",
      `Version ${brokenVersion}, which comes into force later, no longer applies after this one. Roll it back first, then apply this file again.`,
    );
  return insertOverlay(overlay);
}

/** Adds a version that takes another one out of force: the newest that is in force, unless one is named. Throws bad_request. */
export async function rollBackOverlay({
  version,
  by,
}: {
  version?: number;
  by: string | null;
}): Promise<Overlay> {
  const all = await listOverlays();
  const versionsInForce = standingOverlays(all).map(({ _id }) => _id);
  const withdraws = version ?? Math.max(0, ...versionsInForce);
  if (!versionsInForce.includes(withdraws))
    throw new AppError(
      "bad_request",
      version === undefined ? "No overlay is in force." : `Version ${version} is not in force.`,
    );
  const at = new Date(now());
  return insertOverlay({
    _id: (all.at(-1)?._id ?? 0) + 1,
    at,
    by,
    effective: at,
    note: `Withdraws version ${withdraws}.`,
    models: {},
    withdraws,
  });
}

async function insertOverlay(overlay: Overlay): Promise<Overlay> {
  try {
    await overlays.insertOne(overlay);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new AppError(
      "unavailable",
      "Another version was applied at the same time. Review it, then try again.",
    );
  }
  await refreshCatalog();
  return overlay;
}

async function checkFile(text: string): Promise<CheckedOverlay> {
  const { file, lines } = readFile(text);
  const at = new Date(now());
  const effective = file.effective === undefined ? at : new Date(file.effective);
  if (effective < at)
    throw lineError(lines, ["effective"], "It is in the past. Leave it out to apply the file now.");
  const all = await listOverlays();
  const { models: before } = modelsAt(all, effective);
  const { models: after, problems } = mergeModels(before, file.models);
  const today = effective.toISOString().slice(0, 10);
  const earlierProblems = new Set(problemsOf(before, { today }).map(keyOf));
  const [problem] = [
    ...problems,
    ...problemsOf(after, { today }).filter((problem) => !earlierProblems.has(keyOf(problem))),
  ];
  if (problem) throw lineError(lines, ["models", ...problem.path], problem.message);
  return { file, effective, all, before, after };
}

const keyOf = ({ path, message }: CatalogProblem) => `${path.join("/")} ${message}`;

function readFile(text: string): { file: OverlayFile; lines: LineIndex } {
  try {
    const { value, lines } = parseWithLines(text);
    const { success, data, error } = OverlayFile.safeParse(value);
    if (success) return { file: data, lines };
    const [issue] = error.issues;
    const key = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    throw lineError(
      lines,
      [...(issue?.path ?? []).map(String), ...key],
      issue?.message ?? "It is not an overlay.",
    );
  } catch (error) {
    if (error instanceof JsonError)
      throw new AppError("bad_request", `Line ${error.line}: ${error.message}`);
    throw error;
  }
}

const lineError = (lines: LineIndex, path: (string | number)[], message: string) =>
  new AppError("bad_request", `Line ${lines.lineOf(path)}: ${path.join(".")}: ${message}`);

/** The fields of models that differ between two lists. */
export function changesBetween(before: ListedModel[], after: ListedModel[]): CatalogChange[] {
  const earlier = new Map(before.map((model) => [model.id, model as Record<string, unknown>]));
  return after.flatMap((model) => {
    const old = earlier.get(model.id);
    if (!old) return [{ model: model.id, field: "id", before: null, after: "new" }];
    const fresh = model as Record<string, unknown>;
    return [...new Set([...Object.keys(old), ...Object.keys(fresh)])].flatMap((field) => {
      const oldText = textOf(old[field]);
      const newText = textOf(fresh[field]);
      return oldText === newText
        ? []
        : [{ model: model.id, field, before: oldText, after: newText }];
    });
  });
}

const textOf = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value);
