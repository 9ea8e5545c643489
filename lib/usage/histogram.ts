/**
 * Counts by size class: a class is 8 % wider than the one before it, so that a percentile is off by 4 % at most. Those of many
 * rows add up, which percentiles themselves do not.
 */
export type Histogram = Float64Array;

const WIDTH = Math.log(1.08);
/** Up to 1.08^256, more than four days in milliseconds. */
const CLASSES = 256;
const COUNT_BITS = 24;
const COUNT_MAX = 2 ** COUNT_BITS - 1;

export const newHistogram = (): Histogram => new Float64Array(CLASSES);

/** A histogram that is still being filled, of which most have few classes. */
export type OpenHistogram = Map<number, number>;

export function addValue(histogram: OpenHistogram, value: number): void {
  const index = Math.min(CLASSES - 1, Math.floor(Math.log(Math.max(1, value)) / WIDTH));
  histogram.set(index, (histogram.get(index) ?? 0) + 1);
}

/** The value that `share` of the values (0 to 1) do not exceed; null for none. */
export function percentileOf(histogram: Histogram | null, share: number): number | null {
  if (histogram === null) return null;
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let remaining = Math.max(1, Math.ceil(total * share));
  for (let index = 0; index < CLASSES; index++) {
    remaining -= histogram[index] ?? 0;
    if (remaining <= 0) return Math.exp((index + 0.5) * WIDTH);
  }
  return null;
}

/** Histograms one after the other: of each its number of classes, and those, each with its count in one number of 32 bits. */
export type PackedHistograms = Uint32Array;

export function packHistograms(histograms: OpenHistogram[]): PackedHistograms {
  return Uint32Array.from(
    histograms.flatMap((histogram) => [
      histogram.size,
      ...[...histogram].map(
        ([index, count]) => ((index << COUNT_BITS) | Math.min(count, COUNT_MAX)) >>> 0,
      ),
    ]),
  );
}

/** The place after the histogram that begins at `start`. */
export const endOf = (source: PackedHistograms, start: number): number =>
  start + 1 + (source[start] ?? 0);

/** Adds the histogram that begins at `start`. */
export function addPacked(to: Histogram, source: PackedHistograms, start: number): void {
  const end = endOf(source, start);
  for (let place = start + 1; place < end; place++) {
    const entry = source[place] ?? 0;
    const index = entry >>> COUNT_BITS;
    to[index] = (to[index] ?? 0) + (entry & COUNT_MAX);
  }
}
