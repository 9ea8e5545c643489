import { readFile } from "node:fs/promises";
import { builtInModels } from "@/lib/catalog/build";
import {
  applyOverlay,
  changesBetween,
  previewOverlay,
  rollBackOverlay,
  type CatalogChange,
} from "@/lib/catalog/overlays/apply";
import { modelsAt } from "@/lib/catalog/overlays/merge";
import { listOverlays, standingOverlays } from "@/lib/catalog/overlays/queries";
import { refreshCatalog } from "@/lib/catalog/overlays/refresh";
import { catalogVersion, listModels } from "@/lib/catalog/queries";
import { now } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { certainOf } from "@/lib/maintenance/catalog-check/apply";
import { checkCatalog } from "@/lib/maintenance/catalog-check/run";
import type { CommandResult } from "./commands";
import { requireProviders } from "./require-providers";

/** The catalog in force: its version, its size and every overlay; or one of its models, as it is written down. */
export async function catalogShow(id?: string): Promise<CommandResult> {
  await refreshCatalog();
  const all = await listOverlays();
  const at = new Date(now());
  if (id !== undefined) {
    const model = modelsAt(all, at).models.find((entry) => entry.id === id);
    if (!model) throw new AppError("not_found", `There is no model ${id} in the catalog.`);
    return { data: { ...model }, lines: [JSON.stringify(model, null, 2)] };
  }
  const inForce = new Set(standingOverlays(all).map(({ _id }) => _id));
  const versions = all.map(({ _id, at: appliedAt, effective, note, models, withdraws }) => ({
    version: _id,
    at: appliedAt.toISOString(),
    effective: effective.toISOString(),
    note,
    models: Object.keys(models),
    withdraws: withdraws ?? null,
    standing: inForce.has(_id),
  }));
  const modelCount = listModels(at).length;
  return {
    data: { version: catalogVersion(at), offered: modelCount, versions },
    lines: [
      `version ${catalogVersion(at)}: ${modelCount} models on offer`,
      ...versions.map(({ version, effective, standing: isInForce, withdraws, models, note }) => {
        const state = isInForce ? "in force" : withdraws === null ? "withdrawn" : "rollback";
        return `${version}  ${effective}  ${state.padEnd(9)}  ${models.join(", ")}  ${note}`;
      }),
    ],
  };
}

/** What the overlays change today, or what a file would change. */
export async function catalogDiff(file?: string): Promise<CommandResult> {
  if (file === undefined) {
    const { models } = modelsAt(await listOverlays(), new Date(now()));
    return changesOf(changesBetween(builtInModels(), models));
  }
  const { changes, effective } = await previewOverlay(await textOf(file));
  return changesOf(changes, { effective: effective.toISOString() });
}

export async function catalogApply(file: string): Promise<CommandResult> {
  const text = await textOf(file);
  const { changes } = await previewOverlay(text);
  const { _id: version, effective } = await applyOverlay({ text, by: null });
  return changesOf(changes, { version, effective: effective.toISOString() });
}

export async function catalogRollback(version?: string): Promise<CommandResult> {
  const number = version === undefined ? undefined : Number(version);
  if (number !== undefined && !Number.isInteger(number))
    throw new AppError("bad_request", "--version is a number that catalog show lists.");
  const { _id, withdraws } = await rollBackOverlay({
    by: null,
    ...(number === undefined ? {} : { version: number }),
  });
  return {
    data: { version: _id, withdraws },
    lines: [
      `version ${_id}: version ${withdraws} is out of force on every server within half a minute`,
    ],
  };
}

/** Asks every provider what it lists and compares prices; the result is also on the operator page. */
export async function catalogCheck(): Promise<CommandResult> {
  requireProviders("Use Check now on the operator page.");
  const { findings, providers, catalogVersion: version } = await checkCatalog();
  return {
    data: { version, providers, findings },
    lines: [
      ...providers.map(
        ({ provider, listed: modelCount, problem }) =>
          `${provider}: ${problem ?? `${modelCount} models listed`}`,
      ),
      `${findings.length} differences, ${certainOf(findings).length} of them certain`,
      ...findings.map(({ kind, model, detail }) => `${kind.padEnd(7)} ${model}: ${detail}`),
    ],
  };
}

function changesOf(
  changes: CatalogChange[],
  overrides: { version?: number; effective?: string } = {},
): CommandResult {
  const head =
    overrides.version === undefined
      ? `${changes.length} changes`
      : `version ${overrides.version}: ${changes.length} changes`;
  return {
    data: { ...overrides, changes },
    lines: [
      overrides.effective === undefined ? head : `${head}, in force from ${overrides.effective}`,
      ...changes.map(
        ({ model, field, before, after }) =>
          `${model} ${field}: ${before ?? "none"} -> ${after ?? "none"}`,
      ),
    ],
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new AppError("bad_request", `The file ${file} cannot be read.`, { cause });
  }
}
