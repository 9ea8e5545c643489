import type { Model } from "@/lib/catalog/schema";
import type { Medium } from "../body-scan/schema";

/** Models that take a picture by squares of 32 pixels: the most of them at each detail, and the tokens of one. */
type Squared = {
  models: RegExp;
  tokens: number;
  most: Record<NonNullable<Medium["detail"]>, number>;
};

/** https://developers.openai.com/api/docs/guides/images-vision: those whose pictures may be larger than other models'. */
const SQUARED: Squared[] = [
  {
    models: /^gpt-(5\.6|6)/,
    tokens: 1.2,
    most: { low: 256, high: 2_500, auto: 30_000, original: 30_000 },
  },
  {
    models: /^gpt-5\.5/,
    tokens: 1.2,
    most: { low: 256, high: 2_500, auto: 10_000, original: 10_000 },
  },
  {
    models: /^gpt-5\.4($|-pro)/,
    tokens: 1.2,
    most: { low: 256, high: 2_500, auto: 2_500, original: 10_000 },
  },
];
const SQUARE = 32;

/** gpt-4o-mini bills by tiles of 512 pixels, at the price of those of gpt-4o. */
const TILED = {
  model: "gpt-4o-mini",
  first: 2_833,
  tile: 5_667,
  most: 8,
  longest: 2_048,
  shortest: 768,
  side: 512,
};

/** Whether pictures are billed by more tokens than they take of the model's window. */
export const billsBeyondWindow = (model: Model): boolean => model.id === TILED.model;

/**
 * The tokens of a picture where they may be many, by its size; where its head does not tell, at the most, or at what is usual.
 * Null at models for which any picture is a few thousand at most.
 */
export function pictureTokens(
  { width, height, detail = "auto" }: Pick<Medium, "width" | "height" | "detail">,
  { model, unknown }: { model: Model; unknown: "most" | "usual" },
): number | null {
  const size = width && height ? { width, height } : null;
  if (billsBeyondWindow(model)) {
    const tiles = size ? tilesOf(size) : unknown === "most" ? TILED.most : 4;
    return detail === "low" ? TILED.first : TILED.first + TILED.tile * Math.min(tiles, TILED.most);
  }
  const squared = SQUARED.find(({ models }) => models.test(model.id));
  if (!squared) return null;
  const most = squared.most[detail];
  const usual = Math.min(most, squared.most.high);
  const squares = size
    ? Math.ceil(size.width / SQUARE) * Math.ceil(size.height / SQUARE)
    : unknown === "most"
      ? most
      : usual;
  return Math.ceil(Math.min(squares, most) * squared.tokens);
}

/** Scaled to fit a square, then until its shorter side is short. */
function tilesOf({ width, height }: { width: number; height: number }): number {
  const fit = Math.min(1, TILED.longest / Math.max(width, height));
  const scale = Math.min(fit, TILED.shortest / Math.min(width, height));
  return Math.ceil((width * scale) / TILED.side) * Math.ceil((height * scale) / TILED.side);
}
