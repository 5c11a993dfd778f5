// @ts-check
// Flattens the span tree into rows.

/** @typedef {import('./span.js').Span} Span */

/** @typedef {{span: Span, depth: number, open: boolean | null}} Row `open` is null if it has no rows below it */

/** Deeper spans are omitted. */
const MOST_DEPTH = 100;

/**
 * @param {(Span | null)[]} tops
 * @param {object} view
 * @param {number} view.seq spans that start later are omitted
 * @param {boolean} view.internal whether to show the worker's own activities
 * @param {Set<string>} view.closed keys of closed spans
 * @returns {Row[]}
 */
export function rowsOf(tops, {seq, internal, closed}) {
  /** @type {Row[]} */
  const rows = [];
  const shows = (/** @type {Span} */ span) => span.firstSeq <= seq && (internal || !span.isInternal);
  const add = (/** @type {Span} */ found, /** @type {number} */ depth) => {
    const span = onlyRun(found, seq) ?? found;
    const hasMore = depth < MOST_DEPTH && span.children.some(shows);
    const open = hasMore ? !closed.has(span.key) : null;
    rows.push({span, depth, open});
    if (open) {
      for (const child of span.children) {
        if (shows(child)) {
          add(child, depth + 1);
        }
      }
    }
  };
  for (const top of tops) {
    if (top && shows(top)) {
      add(top, 0);
    }
  }
  return rows;
}

/** The run of an execution that has only one; otherwise null. @param {Span} span @param {number} seq @returns {Span | null} */
export function onlyRun(span, seq) {
  const runs = span.kind === 'execution' ? span.children.filter(run => run.firstSeq <= seq) : [];
  return runs.length === 1 ? runs[0] : null;
}
