// @ts-check
// Small template functions that every view uses.

import {html, nothing} from 'lit';
import {duration, fullTime, shortTime} from '../data/format.js';

/** The word, sign and colour class of each status. The signs differ in shape, for users who do not see colours. */
const STATUS = /** @type {Record<string, {sign: string, kind: string, word: string}>} */ ({
  RUNNING: {sign: '◐', kind: 'running', word: 'Running'},
  RETRYING_AFTER_ERROR: {sign: '↻', kind: 'retrying', word: 'Retrying'},
  WAITING: {sign: '‖', kind: 'waiting', word: 'Waiting for input'},
  COMPLETED: {sign: '✓', kind: 'completed', word: 'Completed'},
  FAILED: {sign: '✕', kind: 'failed', word: 'Failed'},
  TIMED_OUT: {sign: '◷', kind: 'failed', word: 'Timed out'},
  CANCELED: {sign: '⊘', kind: 'canceled', word: 'Canceled'},
  TERMINATED: {sign: '⊘', kind: 'canceled', word: 'Terminated'},
  CONTINUED_AS_NEW: {sign: '→', kind: 'continued', word: 'Continued as new'},
  OPEN: {sign: '○', kind: 'canceled', word: 'Not ended'},
});

/** The colour class of a status. @param {string} status */
export function statusKind(status) {
  return STATUS[status]?.kind ?? 'unknown';
}

/** @param {string} status */
export function statusWord(status) {
  return STATUS[status]?.word ?? status;
}

/** A status as sign and word. @param {string} status @param {{signOnly?: boolean}} [options] */
export function statusMark(status, {signOnly = false} = {}) {
  const {sign, kind, word} = STATUS[status] ?? {sign: '?', kind: 'unknown', word: status};
  return signOnly
    ? html`<span class="status ${kind}" role="img" aria-label=${word} title=${word}>${sign}</span>`
    : html`<span class="status ${kind}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** A time of day, with the date and the zone on hover. @param {number} ms */
export function timeOf(ms) {
  return Number.isFinite(ms)
    ? html`<time datetime=${new Date(ms).toISOString()} title=${fullTime(ms)}>${shortTime(ms)}</time>`
    : nothing;
}

/** @param {number} start @param {number} end NaN or null while it is running */
export function durationOf(start, end, now = Date.now()) {
  return html`<span class="duration">${duration((Number.isFinite(end) ? end : now) - start)}</span>`;
}

/**
 * An id that a click copies. Long ids are shortened.
 * @param {string} id @param {string} what such as `execution id`
 */
export function copyId(id, what) {
  return html`<button class="copy id" title="Copy the ${what}: ${id}" aria-label="Copy the ${what} ${id}" @click=${copy(id)}>
    <bdi>${id}</bdi>
  </button>`;
}

/** A button that copies a text. @param {string | (() => string)} text @param {string} label */
export function copyButton(text, label) {
  return html`<button class="copy" @click=${copy(text)}>${label}</button>`;
}

/** @param {string | (() => string)} text */
function copy(text) {
  return async (/** @type {Event} */ event) => {
    event.stopPropagation();
    event.preventDefault();
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const copied = await copyText(typeof text === 'function' ? text() : text);
    button.dataset.copied = copied ? 'Copied' : 'Cannot copy here';
    announce(button.dataset.copied);
    setTimeout(() => delete button.dataset.copied, 1500);
  };
}

/** @param {string} text @returns {Promise<boolean>} whether it was copied */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without TLS, the clipboard API exists on localhost only.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}

/** Announces a text to screen readers. @param {string} text */
export function announce(text) {
  const region = document.getElementById('announcements');
  if (region) {
    region.textContent = text;
  }
}

/** The placeholder for an empty view. @param {string} title @param {unknown} [hint] */
export function emptyState(title, hint = nothing) {
  return html`<div class="empty"><p class="title">${title}</p><p>${hint}</p></div>`;
}

/** @param {Error} error @param {() => void} [retry] */
export function errorState(error, retry) {
  return html`<div class="empty error" role="alert">
    <p class="title">${error.message}</p>
    ${retry ? html`<button @click=${retry}>Try again</button>` : nothing}
  </div>`;
}
