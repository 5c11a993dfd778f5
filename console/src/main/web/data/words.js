// @ts-check
// Short descriptions of events and values.

import {ExactNumber} from './json.js';

/** Words, signs and status classes by the suffix of the event type. */
const VERBS = /** @type {[string, Verb][]} */ ([
  ['STARTED', {word: 'started', sign: '▸', kind: 'running'}],
  ['IN_PROGRESS', {word: 'progress', sign: '·', kind: 'unknown'}],
  ['COMPLETED', {word: 'completed', sign: '✓', kind: 'completed'}],
  ['RETRYING', {word: 'retrying', sign: '↻', kind: 'retrying'}],
  ['TIMED_OUT', {word: 'timed out', sign: '◷', kind: 'failed'}],
  ['FAILED', {word: 'failed', sign: '✕', kind: 'failed'}],
  ['CANCELED', {word: 'canceled', sign: '⊘', kind: 'canceled'}],
  ['CONTINUED_AS_NEW', {word: 'continued as new', sign: '→', kind: 'continued'}],
]);

/** @typedef {{word: string, sign: string, kind: string}} Verb */

/** @param {string} type of an event @returns {Verb} */
export function verbOf(type) {
  return VERBS.find(([ending]) => type.endsWith(ending))?.[1] ?? {word: type, sign: '?', kind: 'unknown'};
}

/** Control characters except tab and line feed, line separators, and bidirectional marks. */
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Escapes invisible characters, as in JSON. @param {string} text */
export function visible(text) {
  return text.replaceAll('\r\n', '\n').replace(UNSEEN, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Matches one of several texts literally, ignoring case. @param {string[]} texts */
export function patternOf(...texts) {
  return texts[0] ? new RegExp(texts.map(text => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'), 'i') : null;
}

/** The beginning of a text, without splitting a surrogate pair. @param {string} text @param {number} room */
export function head(text, room) {
  const last = text.charCodeAt(room - 1);
  return text.length <= room ? text : text.slice(0, last >= 0xd800 && last < 0xdc00 ? room - 1 : room);
}

/** A text on one line of at most `room` characters. @param {string} text */
export function line(text, room = 200) {
  return visible(head(text, room).replace(/\s+/g, ' ')) + (text.length > room ? '…' : '');
}

/** @param {any} value @returns {value is Record<string, any>} */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Abbreviated JSON. @param {any} value @param {number} [depth] levels to show; deeper ones show only their size @returns {string} */
export function brief(value, depth = 2) {
  if (typeof value === 'string') {
    return `"${line(value, 60)}"`;
  } else if (Array.isArray(value)) {
    const some = value.slice(0, depth > 0 ? 4 : 0).map(item => brief(item, depth - 1));
    return `[${listed(some, value.length)}]`;
  } else if (isObject(value)) {
    const keys = Object.keys(value);
    const some = keys.slice(0, depth > 0 ? 4 : 0).map(key => `${line(key, 30)}: ${brief(value[key], depth - 1)}`);
    return `{${listed(some, keys.length)}}`;
  }
  return String(value);
}

/** @param {string[]} some @param {number} count */
function listed(some, count) {
  const rest = count - some.length;
  return some.join(', ') + (rest && some.length ? `, +${rest}` : rest ? String(rest) : '');
}

const PROGRESS = [
  ['progress_idx', 'progress_total'],
  ['current', 'total'],
  ['completed', 'total'],
  ['done', 'total'],
];

/** The progress that a value reports. @param {any} value @returns {{done: number, total: number, keys: string[]} | null} */
export function progressOf(value) {
  if (!isObject(value)) {
    return null;
  }
  for (const [done, total] of PROGRESS) {
    if (Number.isFinite(value[done]) && Number.isFinite(value[total])) {
      return {done: value[done], total: value[total], keys: [done, total]};
    }
  }
  return Number.isFinite(value.percent) ? {done: value.percent, total: 100, keys: ['percent']} : null;
}

/** A readable form of a value. @param {any} value @returns {string} */
export function summary(value) {
  const progress = progressOf(value);
  if (value === null || value === undefined) {
    return '';
  } else if (typeof value === 'string' || typeof value?.text === 'string') {
    return line(value.text ?? value);
  } else if (progress) {
    return `${progress.done} of ${progress.total}`;
  }
  return brief(value);
}

/**
 * The subject of an event and what happened. Reads members rather than the type, so it also describes unknown types.
 * @param {any} event `data` of a stream event
 * @returns {{subject: string, detail: string}}
 */
export function eventWords(event) {
  const attributes = isObject(event?.attributes) ? event.attributes : {};
  return {subject: subject(text(event?.event_type), attributes), detail: detail(event, attributes)};
}

/** @param {string} type @param {Record<string, any>} attributes */
function subject(type, attributes) {
  if (type.startsWith('ACTIVITY_TASK_')) {
    return `activity ${line(text(attributes.activity_name), 80)}`;
  } else if (type.startsWith('CUSTOM_TASK_')) {
    return `task ${line(text(attributes.custom_task_type), 80)}`;
  }
  return type.startsWith('WORKFLOW_TASK_') ? 'workflow task' : 'workflow';
}

/** @param {any} event @param {Record<string, any>} attributes */
function detail(event, attributes) {
  const {failure, attempt, reason, timeout_type: timeout, new_execution_run_id: next} = attributes;
  const message = text(failure?.message);
  return [
    event?.event_type === 'WORKFLOW_EXECUTION_STARTED' && event.continued_run_id ? `continues run ${line(text(event.continued_run_id), 40)}` : '',
    next ? `as run ${line(text(next), 40)}` : '',
    message && attempt ? `attempt ${attempt}: ${line(message)}` : line(message),
    line(text(reason)),
    text(timeout).toLowerCase().replaceAll('_', ' '),
    ...[attributes.input, attributes.result, attributes.payload].map(payloadWords),
  ].filter(Boolean).join('  ');
}

/** @param {any} value */
function text(value) {
  return typeof value === 'string' ? value : '';
}

/** @param {any} payload */
function payloadWords(payload) {
  if (!isObject(payload)) {
    return '';
  } else if (Array.isArray(payload.encoding_options) && payload.encoding_options.length) {
    return `(${line(payload.encoding_options.join(', '), 80)})`;
  } else if (payload.type === 'json_patch' && Array.isArray(payload.value)) {
    return payload.value.slice(0, 4).map(change).join('  ') + (payload.value.length > 4 ? ' …' : '');
  }
  return summary(payload.value);
}

/** An operation of a patch, such as `/text += " wind"`. @param {any} operation */
function change(operation) {
  const {op, path, value} = isObject(operation) ? operation : {};
  const where = Array.isArray(path) ? path.join('/') : line(text(path), 60);
  return op === 'remove' ? `${where} removed` : `${where} ${op === 'append' ? '+=' : '='} ${brief(value)}`.trimStart();
}
