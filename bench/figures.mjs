/** The middle of a list; of two middles the mean. */
export function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value below which `percent` of a sorted list lies. */
export function percentile(sorted, percent) {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
}

/** The median over rounds of one figure of a target divided by another's in the same round. */
export function pairedRatio(ours, theirs, name) {
  return median(ours.slices.map((slice, i) => slice[name] / theirs.slices[i][name]));
}

/** The median over rounds of the difference of one figure. */
export function pairedDifference(ours, theirs, name) {
  return median(ours.slices.map((slice, i) => slice[name] - theirs.slices[i][name]));
}
