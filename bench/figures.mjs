/** The middle of a list; of two middles the mean. */
export function median(list) {
  const ascending = list.toSorted((a, b) => a - b);
  const middle = ascending.length / 2;
  if (ascending.length === 0) return 0;
  return ascending.length % 2 === 1
    ? ascending[Math.floor(middle)]
    : (ascending[middle - 1] + ascending[middle]) / 2;
}

/** The value below which `percent` of a sorted list lies. */
export function percentile(ascending, percent) {
  if (ascending.length === 0) return 0;
  return ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100))];
}

/** The median over rounds of one figure of a target divided by another's in the same round. */
export function pairedRatio(ours, theirs, name) {
  return median(ours.slices.map((slice, i) => slice[name] / theirs.slices[i][name]));
}

/** The median over rounds of the difference of one figure. */
export function pairedDifference(ours, theirs, name) {
  return median(ours.slices.map((slice, i) => slice[name] - theirs.slices[i][name]));
}
