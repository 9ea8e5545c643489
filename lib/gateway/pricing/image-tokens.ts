import type { Model, PictureTokens } from "@/lib/catalog/schema";
import type { Medium } from "../body-scan/schema";

/** Pixels on a side of one square. */
const SQUARE = 32;
/** What an image of unknown size usually takes, in tiles. */
const USUAL_TILES = 4;

/** Whether images are billed by more tokens than they take of the model's window. */
export const billsBeyondWindow = (model: Model): boolean => model.pictures?.kind === "tiles";

/**
 * The tokens of an image where they may be many, by its size; where its head does not state it, at the maximum, or at what is usual.
 * Null at models for which any image is a few thousand at most. How a model counts is in the catalog (`pictures`):
 * https://developers.openai.com/api/docs/guides/images-vision
 */
export function imageTokens(
  { width, height, detail = "auto" }: Pick<Medium, "width" | "height" | "detail">,
  { model, unknown }: { model: Model; unknown: "most" | "usual" },
): number | null {
  const { pictures } = model;
  if (!pictures) return null;
  const size = width && height ? { width, height } : null;
  if (pictures.kind === "tiles") {
    const tiles = size ? tilesOf(size, pictures) : unknown === "most" ? pictures.most : USUAL_TILES;
    return detail === "low"
      ? pictures.first
      : pictures.first + pictures.tile * Math.min(tiles, pictures.most);
  }
  const squaresMax = pictures.most[detail];
  const usual = Math.min(squaresMax, pictures.most.high);
  const squares = size
    ? Math.ceil(size.width / SQUARE) * Math.ceil(size.height / SQUARE)
    : unknown === "most"
      ? squaresMax
      : usual;
  return Math.ceil((Math.min(squares, squaresMax) * pictures.permille) / 1_000);
}

type Size = { width: number; height: number };
type Tiles = Extract<PictureTokens, { kind: "tiles" }>;

/** Scaled to fit a square, then until its shorter side is short. */
function tilesOf({ width, height }: Size, { longest, shortest, side }: Tiles): number {
  const fit = Math.min(1, longest / Math.max(width, height));
  const scale = Math.min(fit, shortest / Math.min(width, height));
  return Math.ceil((width * scale) / side) * Math.ceil((height * scale) / side);
}
