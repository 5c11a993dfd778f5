// @ts-check
// JSON as a tree, with copy and search. Long texts and lists are cut; the user can show more.

import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {Element} from '../app/element.js';
import {amount} from '../data/format.js';
import {JsonNode, MOST_MATCHES, PORTION, find, openSome, rowsOf, textOf} from '../data/json-nodes.js';
import {stringify} from '../data/json.js';
import {brief, head, patternOf, visible} from '../data/words.js';
import {announce, copyButton} from './small.js';
import {marked} from './text.js';

/** @typedef {import('../data/json-nodes.js').Gap} Gap */

/** Maximum number of rows shown initially, and by "Open all". */
const ROWS_AT_FIRST = 60;
const MOST_ROWS = 500;

/** A tree with at most this many rows needs no tools. */
const SMALL = 8;

/** Longer texts are cut. */
const MOST_LINES = 20;

/**
 * `<json-tree .value=${any} label="Result">`. The value must not be modified; to change it, set another one.
 * `.find` is the initial search text.
 */
class JsonTree extends Element {
  static properties = {value: {attribute: false}, label: {}, find: {attribute: false}};

  /** @type {JsonNode | null} */
  #root = null;
  /** @type {(JsonNode | Gap)[]} */
  #rows = [];
  /** The row with the keyboard focus. @type {JsonNode | Gap | null} */
  #active = null;
  #focusDue = false;
  #searches = false;
  /** @type {RegExp | null} */
  #pattern = null;
  /** @type {JsonNode[]} */
  #found = [];
  #at = 0;

  constructor() {
    super();
    /** @type {any} */
    this.value = undefined;
    this.label = '';
    this.find = '';
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!this.#root) {
      this.#root = new JsonNode(this.value ?? null);
      openSome(this.#root, ROWS_AT_FIRST);
    } else if (changed.has('value')) {
      this.#root.update(this.value ?? null);
      this.#found = this.#pattern ? find(this.#root, this.#pattern) : [];
    }
    if (changed.has('find') && (this.find || this.#pattern)) {
      this.#search(this.find);
    }
    this.#rows = rowsOf(this.#root);
    if (!this.#active || !this.#rows.includes(this.#active)) {
      this.#active = this.#rows[0];
    }
  }

  render() {
    const root = /** @type {JsonNode} */ (this.#root);
    return html`
      <div class="head ${this.label ? '' : 'bare'}">
        ${this.label ? html`<strong>${this.label}</strong>` : nothing}
        <span class="room"></span>
        ${this.#searches || this.#rows.length > SMALL || !this.#isAllOpen() ? this.#tools(root) : nothing}
        ${copyButton(() => copied(root), 'Copy')}
      </div>
      ${this.#searches ? this.#searchField() : nothing}
      <div class="rows" role="tree" aria-label=${this.label || 'JSON'} aria-keyshortcuts="c" @keydown=${this.#key} @click=${this.#click} @focusin=${this.#focused}>
        ${repeat(this.#rows, row => row, row => (row instanceof JsonNode ? this.#row(row) : this.#gap(row)))}
      </div>`;
  }

  /** @param {JsonNode} root */
  #tools(root) {
    return html`<button class="quiet" aria-pressed=${this.#searches} @click=${this.#toggleSearch}>Search</button>
      <button class="quiet" @click=${() => this.#openAll(root)}>${this.#rows.length > 1 && this.#isAllOpen() ? 'Close all' : 'Open all'}</button>`;
  }

  #searchField() {
    const count = this.#found.length;
    const many = count === MOST_MATCHES ? `${amount(count)} or more` : amount(count);
    return html`<div class="search" role="search">
      <input type="search" aria-label="Search in ${this.label || 'JSON'}" placeholder="Key or value" .value=${this.find}
        @input=${(/** @type {any} */ event) => (this.find = event.target.value)} @keydown=${this.#searchKey}>
      <button aria-label="Previous match" ?disabled=${!count} @click=${() => this.#step(-1)}>↑</button>
      <button aria-label="Next match" ?disabled=${!count} @click=${() => this.#step(1)}>↓</button>
      <span class="soft" role="status">${this.find ? (count ? `${this.#at + 1} of ${many}` : 'Nothing found') : nothing}</span>
    </div>`;
  }

  /** @param {JsonNode} node */
  #row(node) {
    const current = node === this.#found[this.#at];
    const name = node.key === '' && !node.parent ? nothing : this.#name(node);
    return html`<div class="node ${node.isCompound ? 'compound' : ''} ${current ? 'current' : ''}" role="treeitem" .row=${node}
      .style=${indent(node.depth)} tabindex=${node === this.#active ? 0 : -1} aria-level=${node.depth + 1}
      aria-setsize=${node.parent?.size ?? 1} aria-posinset=${node.index + 1}
      aria-expanded=${node.isCompound ? node.open && node.size > 0 : nothing} aria-selected=${current ? 'true' : nothing}>
      <span class="twist" aria-hidden="true">${node.isCompound && node.size ? (node.open ? '▾' : '▸') : ''}</span>
      <span class="content">${name}${node.isCompound ? compound(node) : this.#scalar(node)}</span>
      <span class="tools">${copyButton(() => copied(node), 'Copy')}</span>
    </div>`;
  }

  /** @param {JsonNode} node */
  #name({key, parent}) {
    return Array.isArray(parent?.value)
      ? html`<span class="index">${key}</span> `
      : html`<bdi class="key">${marked(visible(head(String(key), 300)), this.#pattern)}</bdi><span class="soft">:</span> `;
  }

  /** @param {JsonNode} node */
  #scalar(node) {
    const text = textOf(node.value);
    if (typeof node.value !== 'string') {
      return html`<span class=${node.value === null ? 'null' : typeof node.value === 'boolean' ? 'boolean' : 'number'}>${marked(text, this.#pattern)}</span>`;
    }
    const shown = cut(text, node.room);
    const hidden = text.length - shown.length;
    const match = hidden ? (this.#pattern?.exec(text)?.index ?? 0) : 0;
    return html`<bdi class="string ${shown.includes('\n') ? 'lines' : ''} ${hidden ? 'cut' : ''}">${marked(visible(shown), this.#pattern)}</bdi>${
      hidden ? this.#more(node, hidden, match >= shown.length ? excerpt(text, match) : '') : nothing}`;
  }

  /** @param {JsonNode} node @param {number} hidden characters @param {string} found an excerpt around the first match */
  #more(node, hidden, found) {
    return html`…${found ? html` <bdi class="string">${marked(visible(found), this.#pattern)}</bdi>… ` : ' '}<button class="more" tabindex="-1" @click=${() => this.#showMore(node)}>
      Show more (${amount(hidden)} characters)</button>`;
  }

  /** @param {Gap} gap */
  #gap(gap) {
    const {parent, from, to} = gap;
    return html`<div class="node gap" role="treeitem" .row=${gap} .style=${indent(parent.depth + 1)} tabindex=${gap === this.#active ? 0 : -1}
      aria-level=${parent.depth + 2} aria-setsize=${parent.size} aria-posinset=${from + 1}>
      <span class="twist"></span><span class="more">Show ${amount(Math.min(PORTION, to - from))} more of ${amount(to - from)}</span>
    </div>`;
  }

  /** @param {JsonNode | Gap} row */
  #toggle(row) {
    if (!(row instanceof JsonNode)) {
      row.parent.show(row.from, row.from + PORTION);
      this.#active = row.parent.child(row.from);
    } else if (row.isCompound) {
      row.open = !row.open;
    } else if (cut(textOf(row.value), row.room).length < textOf(row.value).length) {
      this.#showMore(row);
    }
    this.requestUpdate();
  }

  /** @param {JsonNode} node */
  #showMore(node) {
    node.room = node.room * 5 + 1_000;
    this.requestUpdate();
  }

  #isAllOpen() {
    return this.#rows.every(row => !(row instanceof JsonNode) || !row.isCompound || row.open || !row.size);
  }

  /** @param {JsonNode} root */
  #openAll(root) {
    if (this.#isAllOpen()) {
      this.#rows.forEach(row => row instanceof JsonNode && (row.open = row === root));
    } else {
      openSome(root, MOST_ROWS);
    }
    this.requestUpdate();
  }

  #toggleSearch() {
    this.#searches = !this.#searches;
    this.find = '';
    this.requestUpdate();
    this.updateComplete.then(() => this.querySelector('input')?.focus());
  }

  /** @param {string} text */
  #search(text) {
    this.#searches ||= text !== '';
    this.#pattern = patternOf(text);
    this.#found = this.#pattern ? find(/** @type {JsonNode} */ (this.#root), this.#pattern) : [];
    this.#at = 0;
    this.#found.slice(0, PORTION).forEach(node => node.reveal());
  }

  /** @param {number} by */
  #step(by) {
    const count = this.#found.length;
    if (count) {
      this.#at = (this.#at + by + count) % count;
      this.#found[this.#at].reveal();
      announce(`Match ${this.#at + 1} of ${count}`);
      this.requestUpdate();
      this.updateComplete.then(() => this.querySelector('.current')?.scrollIntoView({block: 'nearest'}));
    }
  }

  /** @param {KeyboardEvent} event */
  #searchKey(event) {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.#toggleSearch();
    }
  }

  /** @param {Event} event */
  #focused(event) {
    const row = rowOf(event);
    if (row && row !== this.#active) {
      this.#active = row;
      this.requestUpdate();
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const row = rowOf(event);
    const onControl = /** @type {HTMLElement} */ (event.target).closest('button');
    if (row && !onControl && (!(row instanceof JsonNode) || row.isCompound) && getSelection()?.isCollapsed) {
      this.#toggle(row);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const row = this.#active;
    if (!row || event.ctrlKey || event.metaKey || event.altKey || /** @type {HTMLElement} */ (event.target).closest('button')) {
      return;
    }
    const at = this.#rows.indexOf(row);
    const node = row instanceof JsonNode ? row : null;
    const opens = node?.isCompound && node.size > 0;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => this.#goTo(at + 1),
      ArrowUp: () => this.#goTo(at - 1),
      Home: () => this.#goTo(0),
      End: () => this.#goTo(this.#rows.length - 1),
      ArrowRight: () => (opens && !node.open ? this.#toggle(row) : opens ? this.#goTo(at + 1) : undefined),
      ArrowLeft: () => (opens && node.open ? this.#toggle(row) : this.#goTo(this.#rows.indexOf(/** @type {JsonNode} */ (row.parent)))),
      Enter: () => this.#toggle(row),
      ' ': () => this.#toggle(row),
      c: () => /** @type {HTMLElement | null} */ (this.querySelector('[role=treeitem][tabindex="0"] .copy'))?.click(),
    };
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
      this.#focusDue = true;
    }
  }

  /** @param {number} at */
  #goTo(at) {
    if (this.#rows[at]) {
      this.#active = this.#rows[at];
      this.requestUpdate();
    }
  }

  updated() {
    if (this.#focusDue) {
      this.#focusDue = false;
      /** @type {HTMLElement | null} */ (this.querySelector('[role=treeitem][tabindex="0"]'))?.focus();
    }
  }
}

/** @param {JsonNode} node */
function compound(node) {
  const list = Array.isArray(node.value);
  const count = amount(node.size);
  return node.open && node.size
    ? html`<span class="soft">${list ? `[${count}]` : `{${count}}`}</span>`
    : html`<bdi class="soft preview">${brief(node.value)}</bdi>`;
}

/** @param {number} depth */
function indent(depth) {
  return `--depth: ${depth}`;
}

/** The text to copy: a string as it is, any other value as JSON. @param {JsonNode} node */
function copied({value}) {
  return typeof value === 'string' ? value : stringify(value, 2);
}

/** @param {string} text @param {number} room */
function cut(text, room) {
  const part = head(text, text.length > room * 1.2 ? room : text.length);
  let end = -1;
  for (let lines = 0; lines < Math.max(MOST_LINES, room / 40); lines++) {
    end = part.indexOf('\n', end + 1);
    if (end < 0) {
      return part;
    }
  }
  return part.slice(0, end);
}

/** @param {string} text @param {number} at */
function excerpt(text, at) {
  return text.slice(Math.max(0, at - 60), at + 200);
}

/** @param {Event} event @returns {JsonNode | Gap | undefined} */
function rowOf(event) {
  return /** @type {any} */ (event.target).closest('[role=treeitem]')?.row;
}

customElements.define('json-tree', JsonTree);
