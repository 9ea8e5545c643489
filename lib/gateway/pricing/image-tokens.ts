import type { Model, ImageTokens } from "@/lib/catalog/schema";
import type { Medium } from "../body-scan/schema";

/** Pixels on a side of one square. */
const SQUARE = 32;
/** What an image of unknown size usually takes, in tiles. */
const USUAL_TILES = 4;

/** Whether images are billed by more tokens than they take of the model's window. */
export const billsBeyondWindow = (model: Model): boolean => model.imageTokens?.kind === "tiles";

/**
 * The tokens of an image where they may be many, by its size; where its head does not state it, at the maximum, or at what is usual.
 * Null at models for which any image is a few thousand at most. How a model counts is in the catalog (`imageTokens`):
 * https://developers.openai.com/api/docs/guides/images-vision
 */
export function imageTokens(
  { width, height, detail = "auto" }: Pick<Medium, "width" | "height" | "detail">,
  { model, unknown }: { model: Model; unknown: "most" | "usual" },
): number | null {
  const { imageTokens } = model;
  if (!imageTokens) return null;
  const size = width && height ? { width, height } : null;
  if (imageTokens.kind === "tiles") {
    const tiles = size
      ? tilesOf(size, imageTokens)
      : unknown === "most"
        ? imageTokens.most
        : USUAL_TILES;
    return detail === "low"
      ? imageTokens.first
      : imageTokens.first + imageTokens.tile * Math.min(tiles, imageTokens.most);
  }
  const squaresMax = imageTokens.most[detail];
  const usual = Math.min(squaresMax, imageTokens.most.high);
  const squares = size
    ? Math.ceil(size.width / SQUARE) * Math.ceil(size.height / SQUARE)
    : unknown === "most"
      ? squaresMax
      : usual;
  return Math.ceil((Math.min(squares, squaresMax) * imageTokens.permille) / 1_000);
}

type Size = { width: number; height: number };
type Tiles = Extract<ImageTokens, { kind: "tiles" }>;

/** Scaled to fit a square, then until its shorter side is short. */
function tilesOf({ width, height }: Size, { longest, shortest, side }: Tiles): number {
  const fit = Math.min(1, longest / Math.max(width, height));
  const scale = Math.min(fit, shortest / Math.min(width, height));
  return Math.ceil((width * scale) / side) * Math.ceil((height * scale) / side);
}
