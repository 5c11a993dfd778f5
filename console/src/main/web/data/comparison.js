// @ts-check
// The differences between two runs.

import {onlyRun} from './rows.js';
import {isObject} from './words.js';

/** @typedef {import('./span.js').Span} Span */

/**
 * A step of at least one of two runs.
 * @typedef {object} Step
 * @property {string} name
 * @property {number} depth
 * @property {Taken | null} a null if the run does not have it
 * @property {Taken | null} b
 * @property {boolean} differs in path, status, attempts or, notably, in duration
 */

/** @typedef {{span: Span, status: string, attempts: number, took: number}} Taken */

/** @typedef {{one: Span | null, other: Span | null, name: string}} Pair */

/** @typedef {{path: string, a: any, b: any}} Difference undefined on the side that lacks it */

/** Two durations differ notably if they differ by more than this, in ms, and by more than a fifth. */
const LEAST_MS = 100;

/** Deeper steps are omitted. */
const MOST_DEPTH = 100;

/**
 * Aligns the steps of two runs by name and occurrence.
 * @param {Span | null} a @param {Span | null} b @param {number} now the provisional end of running steps
 * @returns {Step[]}
 */
export function aligned(a, b, now) {
  /** @type {Step[]} */
  const steps = [];
  const add = (/** @type {Pair} */ {one: a, other: b, name}, /** @type {number} */ depth) => {
    const [one, other] = simplified(a, b);
    const step = {name, depth, a: taken(one, now), b: taken(other, now), differs: false};
    step.differs = differs(step.a, step.b);
    steps.push(step);
    if (depth < MOST_DEPTH) {
      pairs(below(one), below(other)).forEach(pair => add(pair, depth + 1));
    }
  };
  if (a || b) {
    add({one: a, other: b, name: /** @type {Span} */ (a ?? b).name}, 0);
  }
  return steps;
}

/** Replaces executions that have a single run by that run. @param {Span | null} one @param {Span | null} other @returns {[Span | null, Span | null]} */
function simplified(one, other) {
  const run = one && onlyRun(one, Infinity);
  const otherRun = other && onlyRun(other, Infinity);
  return (one && !run) || (other && !otherRun) ? [one, other] : [run, otherRun];
}

/** @param {Span | null} span @param {number} now @returns {Taken | null} */
function taken(span, now) {
  if (!span) {
    return null;
  }
  const end = span.endAt(Infinity);
  return {
    span,
    status: span.shownStatusAt(Infinity),
    attempts: span.kind === 'activity' ? span.attemptsAt(Infinity).length : 1,
    took: (Number.isFinite(end) ? end : now) - span.start,
  };
}

/** @param {Taken | null} a @param {Taken | null} b */
function differs(a, b) {
  return !a || !b || a.status !== b.status || a.attempts !== b.attempts || isNotable(a.took, b.took);
}

/** Whether the difference between two durations is worth showing. @param {number} a @param {number} b */
export function isNotable(a, b) {
  return Math.abs(a - b) > LEAST_MS && Math.abs(a - b) > Math.max(a, b) / 5;
}

/** The steps of a span, keyed by occurrence and name. @param {Span | null} span @returns {Map<string, Span>} */
function below(span) {
  const counts = new Map();
  const steps = new Map();
  for (const child of span?.children ?? []) {
    if (!child.isInternal) {
      const name = `${child.kind} ${child.kind === 'run' ? '' : child.name}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      steps.set(`${counts.get(name)} ${name}`, child);
    }
  }
  return steps;
}

/**
 * Merges two lists and keeps the order of each.
 * @param {Map<string, Span>} a @param {Map<string, Span>} b @returns {Pair[]}
 */
function pairs(a, b) {
  /** @type {Pair[]} */
  const all = [];
  const add = (/** @type {string} */ key) => {
    const one = a.get(key) ?? null;
    const other = b.get(key) ?? null;
    const {kind, name} = /** @type {Span} */ (one ?? other);
    all.push({one, other, name: kind === 'run' ? `run ${parseInt(key)}` : name});
  };
  const others = [...b.keys()];
  let next = 0;
  const addOthers = (/** @type {number} */ until) => {
    for (; next < until; next++) {
      if (!a.has(others[next])) {
        add(others[next]);
      }
    }
  };
  const places = new Map(others.map((key, i) => [key, i]));
  for (const key of a.keys()) {
    addOthers((places.get(key) ?? -1) + 1);
    add(key);
  }
  addOthers(others.length);
  return all;
}

/**
 * The differences between two values.
 * @param {any} a @param {any} b @param {number} most maximum number of differences
 * @returns {Difference[]}
 */
export function differences(a, b, most) {
  /** @type {Difference[]} */
  const found = [];
  const compare = (/** @type {any} */ one, /** @type {any} */ other, /** @type {string} */ path, /** @type {number} */ depth) => {
    const bothLists = Array.isArray(one) && Array.isArray(other);
    if (found.length >= most || one === other) {
      return;
    } else if (depth < MOST_DEPTH && (bothLists || (isObject(one) && isObject(other)))) {
      for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
        const step = name.replaceAll('~', '~0').replaceAll('/', '~1');
        compare(own(one, name), own(other, name), `${path}/${step}`, depth + 1);
      }
    } else if (JSON.stringify(one) !== JSON.stringify(other)) {
      found.push({path, a: one, b: other});
    }
  };
  compare(a, b, '', 0);
  return found;
}

/** @param {any} value @param {string} name */
function own(value, name) {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * Summarizes a comparison in words.
 * @param {Step[]} steps @returns {string[]}
 */
export function inWords(steps) {
  const count = (/** @type {(step: Step) => boolean} */ of) => steps.filter(of).length;
  const onlyA = count(step => !step.b);
  const onlyB = count(step => !step.a);
  const statuses = count(({a, b}) => !!a && !!b && a.status !== b.status);
  const attempts = count(({a, b}) => !!a && !!b && a.attempts !== b.attempts);
  const said = [
    onlyA && `${stepCount(onlyA)} only in A`,
    onlyB && `${stepCount(onlyB)} only in B`,
    statuses && `${stepCount(statuses)} ended differently`,
    attempts && `${stepCount(attempts)} took a different number of attempts`,
  ].filter(part => typeof part === 'string');
  return said.length ? said : ['Both took the same path'];
}

/** @param {number} count */
function stepCount(count) {
  return count === 1 ? '1 step' : `${count} steps`;
}
