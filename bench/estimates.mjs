// How far the estimates of responses without stated usage are off, against a tokenizer-counted truth.
import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/build.mjs";

const CHAT_CASES = 1_000;
const EMBEDDING_CASES = 200;
const CLAUDE_CASES = 1_800;

/** Prints a table for chat streams (input, output and both), for canceled Claude streams and for batches of embeddings. */
export async function estimates(say) {
  const { chatCases, embeddingCases, canceledClaudeCases, recordedCallCases, estimateErrors } =
    await bundled();
  const print = (title, errors) => {
    say(`\n${title}`);
    say(
      `${"".padEnd(26)}${["cases", "median", "p95", "sum"].map((name) => name.padStart(9)).join("")}`,
    );
    for (const { group, cases, median, p95, sum } of errors)
      say(
        `${group.padEnd(26)}${String(cases).padStart(9)}${[median, p95, sum].map((ratio) => ratio.toFixed(3).padStart(9)).join("")}`,
      );
  };
  const cases = chatCases(CHAT_CASES);
  for (const side of ["input", "output", "total"])
    print(`Chat streams, ${side} (estimate / truth)`, await estimateErrors(cases, side));
  const claudeCases = [...canceledClaudeCases(CLAUDE_CASES), ...recordedCallCases()];
  print(
    "Canceled Claude streams, output (estimate / truth)",
    await estimateErrors(claudeCases, "output"),
  );
  print(
    "Embeddings, input (estimate / truth)",
    await estimateErrors(embeddingCases(EMBEDDING_CASES), "input"),
  );
}

/** The estimator as one module; written into the repository, so that it finds its packages. */
async function bundled() {
  const { build } = await import("esbuild");
  const directory = mkdtempSync(path.join(root, "dist", "estimates-"));
  const outfile = path.join(directory, "estimates.mjs");
  try {
    await build({
      stdin: {
        contents: `export { estimateErrors } from "@/lib/gateway/meter/estimate-errors";
          export { chatCases, embeddingCases } from "@/lib/gateway/meter/fixtures/estimate-cases";
          export { canceledClaudeCases, recordedCallCases } from "@/lib/gateway/meter/fixtures/claude-cases";`,
        resolveDir: root,
        loader: "ts",
      },
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      alias: { "@": root },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
