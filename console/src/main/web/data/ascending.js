// @ts-check

/**
 * Counts the entries up to a sequence, inclusive, in a list that is sorted by sequence.
 * @param {{seq: number}[]} list @param {number} seq
 */
export function countUpTo(list, seq) {
  let from = 0;
  let to = list.length;
  if (to === 0 || list[to - 1].seq <= seq) {
    return to;
  }
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (list[middle].seq <= seq) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}
