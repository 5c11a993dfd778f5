// @ts-check
// A failure: its headline, its stack trace, then everything else that the worker sent with it.

import {html, nothing} from 'lit';
import {inShort} from '../data/culprit.js';
import {visible} from '../data/words.js';
import {copyButton} from './small.js';
import './json-tree.js';

/** Longer texts are cut, as browsers lay them out slowly. */
const MOST_CHARS = 100_000;

/**
 * @param {any} failure with a `message`, and possibly members of the worker's own
 * @param {boolean} [isWhole] whether to show those too
 */
export function failureText(failure, isWhole = false) {
  const {headline, rest} = inShort(failure);
  const {message, ...more} = failure ?? {};
  const isStack = (/** @type {[string, any]} */ [name, value]) => /stack|trace/i.test(name) && typeof value === 'string';
  const members = Object.entries(more).filter(([, value]) => value !== null && value !== '');
  const others = isWhole ? members.filter(member => !isStack(member)) : [];
  return html`<div class="failure-text">
    <p class="headline"><bdi>${visible(headline) || 'No message'}</bdi></p>
    ${[rest, ...members.filter(isStack).map(([, text]) => text)].filter(Boolean).map(stack)}
    ${others.length ? html`<json-tree label="More about the failure" .value=${Object.fromEntries(others)}></json-tree>` : nothing}
  </div>`;
}

/** @param {any} text */
function stack(text) {
  const cut = visible(text.slice(0, MOST_CHARS));
  return html`<div class="stack"><pre tabindex="0" aria-label="Stack trace">${cut}${text.length > MOST_CHARS ? '…' : ''}</pre>${copyButton(text, 'Copy')}</div>`;
}
