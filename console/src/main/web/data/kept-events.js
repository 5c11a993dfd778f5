// @ts-check
// The newest events of a stream, as raw text. Events are parsed only when shown, as a busy server sends more than
// anyone reads.

import {eventWords, patternOf} from './words.js';

/** Maximum number of kept events, and of their characters. */
export const MOST_EVENTS = 100_000;
const MOST_CHARACTERS = 150_000_000;

/** The share of the limits at which it counts as full: the stream delivers thousands of events at a time. */
const FULL = 0.95;

/** Maximum number of rows whose words are cached. */
const MOST_WORDS = 3_000;

/** How long a search runs before the page may draw, in ms. */
const SEARCH_SLICE = 8;

/** @typedef {{seq: number, text: string}} Row */

/** @typedef {{type: string, time: number, workflow: string, execution: string, subject: string, detail: string}} Words */

export class KeptEvents {
  /** All kept events, ascending. @type {Row[]} */
  all = [];
  /** The matches found so far; null without a search. @type {Row[] | null} */
  found = null;
  /** Number of dropped events. */
  dropped = 0;
  #characters = 0;
  /** @type {RegExp | null} */
  #pattern = null;
  #searched = 0;
  #timer = 0;
  /** @type {Map<number, Words>} */
  #words = new Map();

  /** @param {() => void} onFound called when a search has made progress */
  constructor(onFound) {
    this.onFound = onFound;
  }

  get rows() {
    return this.found ?? this.all;
  }

  /** Whether new events will soon displace the oldest. */
  get isFull() {
    return this.all.length > FULL * MOST_EVENTS || this.#characters > FULL * MOST_CHARACTERS;
  }

  get isSearching() {
    return this.#searched < this.all.length && this.found !== null;
  }

  /** @param {Row[]} rows newer than all others */
  add(rows) {
    for (const row of rows) {
      this.all.push(row);
      this.#characters += row.text.length;
    }
    this.#drop();
    this.#search();
  }

  #drop() {
    let count = Math.max(0, this.all.length - MOST_EVENTS);
    for (let i = 0; i < this.all.length && (i < count || this.#characters > MOST_CHARACTERS); i++) {
      this.#characters -= this.all[i].text.length;
      count = Math.max(count, i + 1);
    }
    if (count) {
      this.all.splice(0, count);
      this.dropped += count;
      this.#searched = Math.max(0, this.#searched - count);
      const first = this.all[0]?.seq ?? Infinity;
      this.found?.splice(0, place(this.found, first));
    }
  }

  clear() {
    clearTimeout(this.#timer);
    this.all = [];
    this.found = this.#pattern && [];
    this.dropped = 0;
    this.#characters = 0;
    this.#searched = 0;
    this.#words.clear();
  }

  /** Searches the raw events for a text, also as JSON may escape it. @param {string} text '' shows all events */
  find(text) {
    const escaped = text.replace(/[^\x20-\x7e]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    this.#pattern = patternOf(text, JSON.stringify(text).slice(1, -1), escaped);
    this.found = text ? [] : null;
    this.#searched = 0;
    this.#search();
  }

  #search() {
    clearTimeout(this.#timer);
    const {found} = this;
    const until = performance.now() + SEARCH_SLICE;
    while (found && this.#searched < this.all.length) {
      const row = this.all[this.#searched++];
      if (this.#pattern?.test(row.text)) {
        found.push(row);
      }
      if (performance.now() > until) {
        this.#timer = setTimeout(() => this.#search());
        break;
      }
    }
    this.onFound();
  }

  /** Index among the shown rows, or `~index` of its insertion point. @param {number} seq */
  indexOf(seq) {
    const at = place(this.rows, seq);
    return this.rows[at]?.seq === seq ? at : ~at;
  }

  /** Number of shown rows up to a sequence, inclusive. @param {number} seq */
  rowsUpTo(seq) {
    return place(this.rows, seq + 1);
  }

  /** @param {Row} row @returns {Words} */
  words(row) {
    let words = this.#words.get(row.seq);
    if (!words) {
      if (this.#words.size >= MOST_WORDS) {
        this.#words.clear();
      }
      words = wordsOf(JSON.parse(row.text));
      this.#words.set(row.seq, words);
    }
    return words;
  }
}

/** Index of the first row at or after a sequence. @param {Row[]} rows @param {number} seq */
function place(rows, seq) {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rows[middle].seq < seq) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

/** @param {any} event a stream event @returns {Words} */
function wordsOf({timestamp, data}) {
  return {
    type: String(data?.event_type ?? ''),
    time: Date.parse(timestamp),
    workflow: String(data?.workflow_name ?? ''),
    execution: String(data?.workflow_exec_id ?? ''),
    ...eventWords(data),
  };
}
