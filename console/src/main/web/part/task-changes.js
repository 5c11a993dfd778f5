// @ts-check
// The changes to a task's value, one by one.

import {html, nothing} from 'lit';
import {steps} from '../data/patch.js';
import {payloads} from '../data/payload.js';
import {brief, head, isObject, line, visible} from '../data/words.js';
import {timeOf} from './small.js';

/** @typedef {import('../data/span.js').Span} Span */
/** @typedef {import('../data/patch.js').Operation} Operation */

const MOST_CHARS = 200;
const MOST_OPERATIONS = 20;

/** @param {Span} span @param {number} from @param {number} to of its states @param {(seq: number) => void} travel */
export function changeRows(span, from, to, travel) {
  return span.states.slice(from, to).map(({seq, at, event}) => {
    const {payload} = event.attributes;
    return html`<li><button class="quiet" title="Go to this point in time" aria-label="Go to sequence ${seq}" @click=${() => travel(seq)}>
      <span class="mono">${seq}</span></button> <span class="soft">${timeOf(at)}</span>
      ${payload ? change(payloads.content(payload), () => span.valueAt(seq - 1).value) : html`<span class="soft">started empty</span>`}</li>`;
  });
}

/** @param {import('../data/payload.js').Content} content @param {() => any} before */
function change({value, note, isPatch}, before) {
  if (value === undefined) {
    return html`<span class="sealed">${note}</span>`;
  } else if (!isPatch) {
    return html`<span class="soft">is now</span> <code><bdi>${brief(value)}</bdi></code>`;
  } else if (!Array.isArray(value)) {
    return html`<span class="sealed">The patch is not a list of operations</span>`;
  }
  if (value.length === 1) {
    return operationText(value[0], before);
  }
  const rest = value.length - MOST_OPERATIONS;
  return html`<ul>${value.slice(0, MOST_OPERATIONS).map(operation => html`<li>${operationText(operation, before)}</li>`)}</ul>
    ${rest > 0 ? html`<span class="soft">and ${rest} more</span>` : nothing}`;
}

/** @param {Operation} operation @param {() => any} before */
function operationText({op, path, value}, before) {
  const where = html`<code class="path"><bdi>${line(String(path), MOST_CHARS) || 'whole value'}</bdi></code>`;
  if (op === 'append') {
    return html`${where} <ins><bdi>${text(value)}</bdi></ins>`;
  } else if (op === 'remove') {
    return html`${where} <del><bdi>${text(at(before(), path))}</bdi></del> <span class="soft">removed</span>`;
  }
  const old = op === 'replace' ? at(before(), path) : undefined;
  return html`${where} ${old === undefined ? nothing : html`<del><bdi>${text(old)}</bdi></del> → `}<ins><bdi>${text(value)}</bdi></ins>${op === 'add' ? html` <span class="soft">added</span>` : nothing}`;
}

/** The value at a path; undefined if there is none. @param {any} value @param {any} path */
function at(value, path) {
  let found = value;
  try {
    for (const step of steps(path)) {
      found = (Array.isArray(found) || isObject(found)) && Object.hasOwn(found, step) ? /** @type {any} */ (found)[step] : undefined;
    }
  } catch {
    return undefined; // an invalid path
  }
  return found;
}

/** @param {any} value */
function text(value) {
  if (typeof value === 'string') {
    return visible(head(value, MOST_CHARS)) + (value.length > MOST_CHARS ? '…' : '');
  }
  return value === undefined ? '?' : brief(value);
}
