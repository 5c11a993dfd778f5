// @ts-check
// Renders text of any length and origin.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {amount} from '../data/format.js';
import {head, visible} from '../data/words.js';

/** Maximum number of marked matches in a text. */
const MOST_MARKS = 200;

/** Marks the matches in a text. @param {string} text @param {RegExp | null | undefined} pattern not global */
export function marked(text, pattern) {
  if (!pattern || !pattern.test(text)) {
    return text;
  }
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'gi'))) {
    parts.push(text.slice(at, match.index), html`<mark>${match[0]}</mark>`);
    at = match.index + match[0].length;
    if (parts.length > 2 * MOST_MARKS) {
      break;
    }
  }
  return [...parts, text.slice(at)];
}

/** A text with its line breaks. A long text shows its beginning, or its end while it `grows`. */
class LongText extends Element {
  static properties = {text: {attribute: false}, grows: {attribute: false}};
  #room = 4_000;

  constructor() {
    super();
    this.text = '';
    this.grows = false;
  }

  render() {
    const hidden = Math.max(0, this.text.length - this.#room);
    const shown = this.grows && hidden ? this.text.slice(hidden) : head(this.text, this.#room);
    const more = hidden
      ? html`<button class="more" @click=${this.#more}>Show ${this.grows ? 'earlier text' : 'more'} (${amount(hidden)} characters)</button>`
      : nothing;
    return html`${this.grows ? more : nothing}<pre class="text" dir="auto">${visible(shown)}</pre>${this.grows ? nothing : more}`;
  }

  #more() {
    this.#room *= 5;
    this.requestUpdate();
  }
}

customElements.define('long-text', LongText);
