// @ts-check
// The value of a custom task as of any sequence: folds its events and caches intermediate values.

import {countUpTo} from './ascending.js';
import {applyPatch} from './patch.js';
import {payloads} from './payload.js';

/**
 * @typedef {object} Held
 * @property {any} value undefined if unknown
 * @property {string} note a remark for the user, or ''
 * @property {boolean} [stale] whether the value is outdated, for the reason in `note`
 */

/** Number of events between two cached values. */
const STRIDE = 256;

/** Number of following payloads to decrypt together with a pending one. */
const AHEAD = 2_000;

/** @type {Held} */
const NOTHING = {value: undefined, note: ''};

export class TaskValue {
  /** Values after each stride of events. @type {Held[]} */
  #remembered = [];
  /** @type {Held} */
  #last = NOTHING;
  /** Number of events folded into `#last`. */
  #count = 0;
  #generation = payloads.generation;

  /** @param {import('./span.js').Moment[]} moments the events that set or change the task's value; may grow */
  constructor(moments) {
    this.moments = moments;
  }

  /** @param {number} seq @returns {Held} */
  at(seq) {
    const wanted = countUpTo(this.moments, seq);
    this.#goBackTo(wanted);
    while (this.#count < wanted) {
      const next = after(this.#last, this.moments[this.#count]);
      if (!next) {
        this.moments.slice(this.#count + 1, this.#count + AHEAD).forEach(after.bind(null, NOTHING));
        return {value: this.#last.value, note: 'Decrypting…'};
      }
      this.#last = next;
      this.#count++;
      if (this.#count % STRIDE === 0) {
        this.#remembered[this.#count / STRIDE - 1] = next;
      }
    }
    return this.#last;
  }

  /** @param {number} wanted */
  #goBackTo(wanted) {
    if (this.#generation !== payloads.generation) {
      this.#generation = payloads.generation;
      this.#remembered = [];
      this.#count = Infinity;
    }
    if (this.#count > wanted) {
      const strides = Math.min(Math.floor(wanted / STRIDE), this.#remembered.length);
      this.#count = strides * STRIDE;
      this.#last = strides ? this.#remembered[strides - 1] : NOTHING;
    }
  }
}

/**
 * @param {Held} held @param {import('./span.js').Moment} moment
 * @returns {Held | null} null while the payload is being decrypted
 */
function after(held, {event}) {
  const {payload} = event.attributes;
  if (!payload) {
    return event.event_type === 'CUSTOM_TASK_STARTED' ? {value: {}, note: ''} : held;
  }
  const {value, note = '', isPatch, pending} = payloads.content(payload);
  if (pending) {
    return null;
  } else if (!isPatch && value !== undefined) {
    return {value, note};
  } else if (held.stale) {
    return held;
  } else if (value === undefined) {
    return {value: held.value, note, stale: true};
  } else if (held.value === undefined) {
    return {value: undefined, note: 'The value that this changes has expired', stale: true};
  }
  try {
    return {value: applyPatch(held.value, value), note: held.note};
  } catch (misfit) {
    return {value: held.value, note: `A change does not apply: ${/** @type {Error} */ (misfit).message}`, stale: true};
  }
}
