// @ts-check
// Why something failed: what it says in one line, then its stack, then whatever else the worker sent with it.

import {html, nothing} from 'lit';
import {inShort} from '../data/culprit.js';
import {visible} from '../data/words.js';
import {copyButton} from './small.js';
import './json-tree.js';

/** Longer texts are cut: a browser lays out no more at ease. */
const MOST_CHARS = 100_000;

/**
 * @param {any} failure with a `message`, and perhaps members that only the worker knows
 * @param {boolean} [isWhole] whether those are shown too
 */
export function failureText(failure, isWhole = false) {
  const {headline, rest} = inShort(failure);
  const {message, ...more} = failure ?? {};
  const isStack = (/** @type {[string, any]} */ [name, value]) => /stack|trace/i.test(name) && typeof value === 'string';
  const members = Object.entries(more).filter(([, value]) => value !== null && value !== '');
  const others = isWhole ? members.filter(member => !isStack(member)) : [];
  return html`<div class="failure-text">
    <p class="headline"><bdi>${visible(headline) || 'No message was given'}</bdi></p>
    ${[rest, ...members.filter(isStack).map(([, text]) => text)].filter(Boolean).map(stack)}
    ${others.length ? html`<json-tree label="More about the failure" .value=${Object.fromEntries(others)}></json-tree>` : nothing}
  </div>`;
}

/** @param {any} text */
function stack(text) {
  const cut = visible(text.slice(0, MOST_CHARS));
  return html`<div class="stack"><pre tabindex="0" aria-label="Stack trace">${cut}${text.length > MOST_CHARS ? '…' : ''}</pre>${copyButton(text, 'Copy')}</div>`;
}
