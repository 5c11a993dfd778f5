// @ts-check
// A virtualized list of any length. All rows have the same height, and only visible ones are rendered. An open row
// has details of any height below it.

import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {Element} from '../app/element.js';

/** Extra rows rendered before and after the visible ones. */
const SPARE = 8;

/** Assumed height of details that have not been shown yet, in px. */
const UNKNOWN_DETAIL = 240;

/**
 * `<virtual-list role="grid" aria-label="…" .rows=${array} .rowHeight=${28} .renderRow=${(row, index) => html…}>`
 *
 * - `keyOf(row)`: the identity of a row, by which the list keeps its position when rows are added or removed at either
 *   end. By default the row itself.
 * - `indexOf(key)`: the index of a row, or `~index` of its insertion point. By default a linear search.
 * - `renderDetail(row)`: the details below a row whose key is in the set `opened`.
 * - `header`: a template that stays above the rows, for a `role="row"`.
 * - `tail`: sticks to the end. Fires `tail` with `detail` false when the user scrolls away from the end, and true when
 *   they return.
 * - `onActivate(row, index)`: called on Enter, and on a click outside links and buttons. `onKey(event, row, index)`:
 *   called for keys that the list does not handle.
 * - `rowRole`: `row` by default.
 *
 * The arrow keys, Page Up and Down, Home and End move through the rows; `move(by)`, `goTo(index)` and `activeRow` are for
 * shortcuts. The array may be modified in place; assign it again afterwards.
 */
class VirtualList extends Element {
  static properties = {
    rows: {attribute: false, hasChanged: () => true},
    rowHeight: {attribute: false},
    renderRow: {attribute: false, hasChanged: () => true},
    renderDetail: {attribute: false, hasChanged: () => true},
    opened: {attribute: false, hasChanged: () => true},
    header: {attribute: false},
    tail: {attribute: false},
  };

  /** Measured heights of details, by key. @type {Map<unknown, number>} */
  #heights = new Map();
  /** Open rows, ascending. @type {{index: number, height: number}[]} */
  #details = [];
  /** The first visible row, and how far its top is above the edge. @type {{key: unknown, index: number, offset: number}} */
  #anchor = {key: undefined, index: 0, offset: 0};
  #active = /** @type {{key: unknown, index: number} | null} */ (null);
  #focusDue = false;
  #y = 0;
  #height = 0;
  #headerHeight = 0;
  #observed = new WeakSet();
  /** Keys whose details are scrolled into view when their height is known. @type {Set<unknown>} */
  #appearing = new Set();
  #openedBefore = /** @type {Set<unknown>} */ (new Set());
  #sizes = new ResizeObserver(entries => this.#resized(entries));

  constructor() {
    super();
    /** @type {any[]} */
    this.rows = [];
    this.rowHeight = 28;
    /** @type {(row: any, index: number) => unknown} */
    this.renderRow = String;
    /** @type {((row: any) => unknown) | null} */
    this.renderDetail = null;
    /** @type {Set<unknown>} */
    this.opened = new Set();
    /** @type {unknown} */
    this.header = nothing;
    this.tail = false;
    this.rowRole = 'row';
    /** @type {(row: any) => unknown} */
    this.keyOf = row => row;
    /** @type {((key: any) => number) | null} */
    this.indexOf = null;
    /** @type {((row: any, index: number) => void) | null} */
    this.onActivate = null;
    /** @type {((event: KeyboardEvent, row: any, index: number) => void) | null} */
    this.onKey = null;
    this.addEventListener('scroll', () => this.#scrolled());
    this.addEventListener('wheel', event => event.deltaY < 0 && this.#leaveEnd(), {passive: true});
    this.addEventListener('touchmove', () => this.#leaveEnd(), {passive: true});
    // On the scroll bar, if the browser reports it.
    this.addEventListener('pointerdown', event => event.target === this && event.offsetX > this.clientWidth && this.#leaveEnd());
    this.addEventListener('keydown', event => this.#key(event));
    this.addEventListener('click', event => this.#click(event));
    this.addEventListener('focusin', event => this.#focused(event));
  }

  connectedCallback() {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#observed = new WeakSet();
  }

  get activeRow() {
    return this.#active ? this.rows[this.#active.index] : undefined;
  }

  /** Moves to another row. @param {number} by */
  move(by) {
    this.goTo(this.#active ? this.#active.index + by : this.#anchor.index);
  }

  /** Activates a row, scrolls it into view and focuses it. @param {number} index */
  goTo(index) {
    const at = Math.max(0, Math.min(this.rows.length - 1, index));
    if (!this.rows.length) {
      return;
    }
    this.#active = {key: this.keyOf(this.rows[at]), index: at};
    this.#focusDue = true;
    if (at < this.rows.length - 1) {
      this.#stick(false);
    }
    const top = this.#top(at);
    const room = Math.max(this.rowHeight, this.#height - this.#headerHeight);
    if (top < this.#y) {
      this.#scrollTo(top);
    } else if (top + this.rowHeight > this.#y + room) {
      this.#scrollTo(top + this.rowHeight - room);
    }
    this.requestUpdate();
  }

  /** @param {number} y */
  #scrollTo(y) {
    this.scrollTop = y;
    this.#y = this.scrollTop;
    this.#anchorHere();
  }

  willUpdate() {
    for (const key of this.opened) {
      if (!this.#openedBefore.has(key)) {
        this.#appearing.add(key);
      }
    }
    this.#openedBefore = new Set(this.opened);
    this.#details = [...this.opened]
      .map(key => ({index: this.#find(key, -1), height: this.#heights.get(key) ?? UNKNOWN_DETAIL}))
      .filter(({index}) => index >= 0)
      .sort((a, b) => a.index - b.index);
    if (this.#active) {
      const index = this.#find(this.#active.key, this.#active.index);
      this.#active = index < 0 ? null : {...this.#active, index};
    }
    const at = this.#find(this.#anchor.key, this.#anchor.index);
    this.#anchor.index = Math.max(0, Math.min(this.rows.length - 1, at < 0 ? ~at : at));
    const end = Math.max(0, this.#top(this.rows.length) + this.#headerHeight - this.#height);
    this.#y = this.tail ? end : Math.min(end, this.#top(this.#anchor.index) + (at < 0 ? 0 : this.#anchor.offset));
    if (this.tail || at < 0) {
      this.#anchorHere();
    }
  }

  render() {
    const from = Math.max(0, this.#at(this.#y) - SPARE);
    const to = Math.min(this.rows.length, this.#at(this.#y + this.#height) + 1 + SPARE);
    const shown = [];
    for (let i = from; i < to; i++) {
      shown.push(i);
    }
    // The active row stays on the page even if it is not visible, as it has the focus.
    const active = this.#active?.index ?? -1;
    if (active >= 0 && active < from) {
      shown.unshift(active);
    } else if (active >= to) {
      shown.push(active);
    }
    const entry = active >= 0 ? active : Math.min(to - 1, this.#anchor.index);
    return html`${this.header === nothing ? nothing : html`<div class="header">${this.header}</div>`}
      <div class="all" .style=${`height: ${this.#top(this.rows.length)}px`}>
        ${repeat(shown, i => this.keyOf(this.rows[i]), i => this.#row(this.rows[i], i, i === entry))}
      </div>`;
  }

  /** @param {any} row @param {number} i @param {boolean} isEntry whether the Tab key reaches it */
  #row(row, i, isEntry) {
    const key = this.keyOf(row);
    const detail = this.opened.has(key) ? this.renderDetail : null;
    const top = this.#top(i);
    return html`<div class="row" role=${this.rowRole} .row=${row} .index=${i} .style=${`top: ${top}px; height: ${this.rowHeight}px`}
        tabindex=${isEntry ? 0 : -1} aria-rowindex=${i + 1} aria-expanded=${this.renderDetail ? detail !== null : nothing}>${this.renderRow(row, i)}</div>
      ${detail ? html`<div class="detail" role="row" .key=${key} .style=${`top: ${top + this.rowHeight}px`}><div role="gridcell">${detail(row)}</div></div>` : nothing}`;
  }

  updated() {
    this.ariaRowCount = String(this.rows.length);
    if (Math.abs(this.scrollTop - this.#y) >= 1) {
      this.scrollTop = this.#y;
    }
    this.#y = this.scrollTop;
    for (const detail of this.querySelectorAll(':scope > .all > .detail, :scope > .header')) {
      if (!this.#observed.has(detail)) {
        this.#observed.add(detail);
        this.#sizes.observe(detail);
      }
    }
    if (this.#focusDue) {
      this.#focusDue = false;
      /** @type {HTMLElement | null} */ (this.querySelector(':scope > .all > .row[tabindex="0"]'))?.focus({preventScroll: true});
    }
  }

  /** @param {ResizeObserverEntry[]} entries */
  #resized(entries) {
    for (const {target, contentRect, borderBoxSize} of entries) {
      const height = borderBoxSize?.[0]?.blockSize ?? contentRect.height;
      if (target === this) {
        this.#height = this.clientHeight;
      } else if (target.classList.contains('header')) {
        this.#headerHeight = height;
      } else if (height > 0) {
        this.#measured(/** @type {any} */ (target).key, height);
      }
    }
    this.requestUpdate();
  }

  /** @param {unknown} key @param {number} height of its details */
  #measured(key, height) {
    this.#heights.set(key, height);
    if (this.#appearing.delete(key)) {
      this.requestUpdate();
      this.updateComplete.then(() => {
        const top = this.#top(this.#find(key, -1));
        const end = top + this.rowHeight + height - (this.#height - this.#headerHeight);
        if (this.#y < Math.min(top, end)) {
          this.#scrollTo(Math.min(top, end));
          this.requestUpdate();
        }
      });
    }
  }

  #scrolled() {
    const y = this.scrollTop;
    if (Math.abs(y - this.#y) < 1) {
      return; // the list itself scrolled
    }
    const end = this.scrollHeight - this.clientHeight;
    if (y > this.#y && y > end - this.rowHeight / 2) {
      this.#stick(true);
    } else if (y < this.#y && y < end - 1) {
      this.#stick(false);
    }
    this.#y = y;
    this.#anchorHere();
    this.requestUpdate();
  }

  #anchorHere() {
    const index = this.#at(this.#y);
    this.#anchor = {key: this.rows[index] === undefined ? undefined : this.keyOf(this.rows[index]), index, offset: this.#y - this.#top(index)};
  }

  /** Leaves the end before the first scroll event, which new rows would undo. */
  #leaveEnd() {
    if (this.scrollHeight > this.clientHeight) {
      this.#stick(false);
    }
  }

  /** @param {boolean} tail */
  #stick(tail) {
    if (tail !== this.tail) {
      this.tail = tail;
      this.dispatchEvent(new CustomEvent('tail', {detail: tail}));
    }
  }

  /** @param {any} key @param {number} before its previous index */
  #find(key, before) {
    if (this.rows[before] !== undefined && this.keyOf(this.rows[before]) === key) {
      return before;
    } else if (key === undefined) {
      return ~Math.max(0, before);
    } else if (this.indexOf) {
      return this.indexOf(key);
    }
    const index = this.rows.findIndex(row => this.keyOf(row) === key);
    return index < 0 ? ~Math.max(0, before) : index;
  }

  /** The top of a row. @param {number} index */
  #top(index) {
    let y = index * this.rowHeight;
    for (const detail of this.#details) {
      if (detail.index >= index) {
        break;
      }
      y += detail.height;
    }
    return y;
  }

  /** The index of the row at a position. @param {number} y */
  #at(y) {
    let details = 0;
    for (const {index, height} of this.#details) {
      const below = (index + 1) * this.rowHeight + details;
      if (y < below) {
        break;
      } else if (y < below + height) {
        return index;
      }
      details += height;
    }
    return Math.max(0, Math.min(this.rows.length - 1, Math.floor((y - details) / this.rowHeight)));
  }

  /** @param {Event} event @returns {any} the row's element */
  #rowOf(event) {
    const row = /** @type {Element} */ (event.target).closest('.row');
    return row?.parentElement?.parentElement === this ? row : null;
  }

  /** @param {Event} event */
  #focused(event) {
    const element = this.#rowOf(event);
    if (element && element.row !== this.activeRow) {
      this.#active = {key: this.keyOf(element.row), index: element.index};
      this.requestUpdate();
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const element = this.#rowOf(event);
    if (element && !/** @type {Element} */ (event.target).closest('a, button, input') && getSelection()?.isCollapsed) {
      this.onActivate?.(element.row, element.index);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const element = this.#rowOf(event);
    if (!element || event.target !== element || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const page = Math.max(1, Math.floor(this.#height / this.rowHeight) - 2);
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      PageDown: () => this.move(page),
      PageUp: () => this.move(-page),
      Home: () => this.goTo(0),
      End: () => this.goTo(this.rows.length - 1),
      Enter: () => this.onActivate?.(element.row, element.index),
    };
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    } else {
      this.onKey?.(event, element.row, element.index);
    }
  }
}

customElements.define('virtual-list', VirtualList);
