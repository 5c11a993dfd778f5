// @ts-check
// A one-line preview of a custom task's value.

import {isObject, line, summary} from './words.js';

const MOST_CHARS = 80;

/** @param {any} value @returns {string} '' if there is no short form */
export function glance(value) {
  if (!isObject(value)) {
    return typeof value === 'string' ? end(value) : summary(value);
  } else if (Array.isArray(value.contentChunks)) {
    return end(value.contentChunks.slice(-20).map(chunk => chunk?.text ?? `[${chunk?.type ?? 'resource'}]`).join(''));
  } else if (Array.isArray(value.items) && value.items.some(item => item?.status)) {
    const done = value.items.filter(item => item?.status === 'done').length;
    return `${done} of ${value.items.length} done`;
  }
  const text = value.title || value.label || value.text;
  return typeof text === 'string' ? end(text) : Object.keys(value).length ? summary(value) : '';
}

/** The end of a text, as that is what changes. @param {string} text */
function end(text) {
  return (text.length > MOST_CHARS ? '…' : '') + line(text.slice(-MOST_CHARS).trim());
}
