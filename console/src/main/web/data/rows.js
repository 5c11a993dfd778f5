// @ts-check
// The tree of spans as a list of rows.

/** @typedef {import('./span.js').Span} Span */

/** @typedef {{span: Span, depth: number, open: boolean | null}} Row `open` is null if nothing is below it */

/** Deeper spans are left out. */
const MOST_DEPTH = 100;

/**
 * @param {(Span | null)[]} tops
 * @param {object} view
 * @param {number} view.seq spans that began later are left out
 * @param {boolean} view.internal whether activities of the worker itself are shown
 * @param {Set<string>} view.closed keys of the spans that are closed
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

/** The run of an execution that has no other. @param {Span} span @param {number} seq @returns {Span | null} */
export function onlyRun(span, seq) {
  const runs = span.kind === 'execution' ? span.children.filter(run => run.firstSeq <= seq) : [];
  return runs.length === 1 ? runs[0] : null;
}
