// @ts-check
// Lossless JSON: events may contain numbers that a double cannot represent.

/** A number that a double cannot represent, as it was written. */
export class ExactNumber {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }

  toJSON() {
    const raw = /** @type {any} */ (JSON).rawJSON;
    return raw ? raw(this.text) : this.text;
  }
}

/** Matches numbers that a double may not represent exactly. */
const LONG_NUMBER = /[[:,]\s*-?[\d.eE+-]{16,}|\de[+-]?\d{3}/gi;

/**
 * @param {string} text
 * @param {number} spared how many numbers may be rounded: 1 for an event, whose timestamp is shown as a time
 * @returns {any}
 */
export function parseExact(text, spared = 0) {
  const long = text.match(LONG_NUMBER);
  if (!long || long.length <= spared) {
    return JSON.parse(text);
  }
  return JSON.parse(text, /** @type {any} */ (exact));
}

/** @param {string} _key @param {any} value @param {{source?: string}} [context] */
function exact(_key, value, context) {
  if (typeof value !== 'number' || !context?.source || sameNumber(value, context.source)) {
    return value;
  }
  return new ExactNumber(context.source);
}

/** @param {number} value @param {string} source */
function sameNumber(value, source) {
  if (source.length < 16 && Number.isFinite(value)) {
    return true;
  }
  return /^-?\d+$/.test(source) ? String(value) === source : Number.isFinite(value) && digits(source) <= 17;
}

/** @param {string} source */
function digits(source) {
  return source.replace(/[eE].*$/, '').replace(/^-?0*\.?0*|\.|-/g, '').length;
}

/** @param {any} value @param {number} [indent] */
export function stringify(value, indent) {
  return JSON.stringify(value, null, indent) ?? 'null';
}
