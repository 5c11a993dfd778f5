// @ts-check
// What a custom task holds, as of any sequence: its events folded into a value, and remembered on the way.

import {countUpTo} from './ascending.js';
import {applyPatch} from './patch.js';
import {payloads} from './payload.js';

/**
 * @typedef {object} Held
 * @property {any} value undefined if nothing is known of it
 * @property {string} note what to know of it; may be ''
 * @property {boolean} [stale] whether it is not the latest value, for the reason in `note`
 */

/** As many events lie between two values that are remembered. */
const STRIDE = 256;

/** If one payload is being decrypted, as many of the next are decrypted with it. */
const AHEAD = 2_000;

/** @type {Held} */
const NOTHING = {value: undefined, note: ''};

export class TaskValue {
  /** After each stride of events. @type {Held[]} */
  #remembered = [];
  /** @type {Held} */
  #last = NOTHING;
  /** How many events are in `#last`. */
  #count = 0;
  #generation = payloads.generation;

  /** @param {import('./span.js').Moment[]} moments the events of the task that say what it holds; may grow */
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
 * @returns {Held | null} null if it is not known yet
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
    return {value: undefined, note: 'What this changes is not stored any more', stale: true};
  }
  try {
    return {value: applyPatch(held.value, value), note: held.note};
  } catch (misfit) {
    return {value: held.value, note: `A change does not fit: ${/** @type {Error} */ (misfit).message}`, stale: true};
  }
}
