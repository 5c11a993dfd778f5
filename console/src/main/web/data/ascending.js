// @ts-check

/**
 * How many entries of a list, which is in the order of the log, are not after a sequence.
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
