// @ts-check
// Finds the span whose failure explains the failure of its run.

import {Chain} from './span.js';

/** @typedef {import('./span.js').Span} Span */

/**
 * The last span that failed before the run did: an activity, or the culprit of a child run; otherwise a custom task.
 * Null if none failed: the workflow's own code did.
 * @param {Span} run @param {number} seq @returns {Span | null}
 */
export function culprit(run, seq) {
  const until = run.turnAt(seq)?.seq ?? seq;
  const failed = below(run).filter(span => span.firstSeq <= seq && ['FAILED', 'TIMED_OUT'].includes(span.statusAt(until)));
  const steps = failed.filter(span => span.kind !== 'task');
  const last = newest(steps.length ? steps : failed, until);
  if (last instanceof Chain) {
    const child = last.runAt(until);
    return culprit(child, until) ?? child;
  }
  return last;
}

/** The activities that wait for their next attempt. @param {Span} run @param {number} seq @returns {Span[]} */
export function retrying(run, seq) {
  return below(run).filter(span => span.kind === 'activity' && span.firstSeq <= seq && span.statusAt(seq) === 'RETRYING_AFTER_ERROR');
}

/** @param {Span} run */
function below(run) {
  return run.children.flatMap(child => (child.kind === 'activity' ? [child, ...child.children] : [child]));
}

/** @param {Span[]} spans @param {number} seq @returns {Span | null} */
function newest(spans, seq) {
  const end = (/** @type {Span} */ span) => span.turnAt(seq)?.seq ?? 0;
  return spans.reduce((/** @type {Span | null} */ found, span) => (found && end(found) > end(span) ? found : span), null);
}

/**
 * Splits a failure into headline and whole text. A Python traceback ends with the headline; others begin with it.
 * @param {any} failure @returns {{headline: string, rest: string}}
 */
export function inShort(failure) {
  const message = String(failure?.message ?? '').trim();
  const lines = message.split('\n');
  const isTraceback = lines[0].startsWith('Traceback (most recent call last)');
  const headline = (isTraceback ? lines.findLast(line => /^\S/.test(line)) : lines[0]) ?? '';
  return {headline, rest: lines.length > 1 ? message : ''};
}
