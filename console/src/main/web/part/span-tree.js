// @ts-check
// The span tree with its timeline, as one table. Only visible rows are rendered.

import {html, nothing} from 'lit';
import {classMap} from 'lit/directives/class-map.js';
import {Element} from '../app/element.js';
import {inShort} from '../data/culprit.js';
import {duration, shortTime} from '../data/format.js';
import {glance} from '../data/glance.js';
import {stepOf, tick} from '../data/scale.js';
import {isOver} from '../data/span.js';
import {line} from '../data/words.js';
import {statusKind, statusMark, statusWord} from './small.js';
import {VisibleRows} from './visible-rows.js';

/** @typedef {import('../data/span.js').Span} Span */
/** @typedef {import('../data/rows.js').Row} Row */

/**
 * @typedef {object} TreeView
 * @property {Row[]} rows
 * @property {number} seq the sequence to show; Infinity for now
 * @property {number} now ms since 1970; the provisional end of running spans
 * @property {number} from start of the scale, in ms since 1970
 * @property {number} to end of the scale
 * @property {number} origin zero of the scale
 * @property {string} selected key of a span, or ''
 */

/** As in run.css. */
const ROW_HEIGHT = 30;

/** Maximum number of attempts drawn for an activity: the newest. */
const MOST_ATTEMPTS = 60;

/** Fires `pick` and `toggle` with a span's key as `detail`. */
class SpanTree extends Element {
  static properties = {view: {attribute: false}};
  #rows = new VisibleRows(this, '.span-rows', ROW_HEIGHT);

  constructor() {
    super();
    /** @type {TreeView | null} */
    this.view = null;
  }

  /** Selects another row. @param {number} distance */
  move(distance) {
    const {rows, selected} = /** @type {TreeView} */ (this.view);
    const index = rows.findIndex(row => row.span.key === selected);
    const next = rows[Math.max(0, Math.min(rows.length - 1, index < 0 ? 0 : index + distance))];
    if (next) {
      this.#fire('pick', next.span.key);
      this.#reveal(rows.indexOf(next));
      /** @type {HTMLElement} */ (this.querySelector('.span-tree')).focus({preventScroll: true});
    }
  }

  /** Opens the selected row; if it is open, moves to its first child. */
  open() {
    const row = this.#selected();
    if (row?.open === false) {
      this.#fire('toggle', row.span.key);
    } else if (row?.open) {
      this.move(1);
    }
  }

  /** Closes the selected row; if it is closed, moves to its parent. */
  close() {
    const row = this.#selected();
    if (row?.open) {
      this.#fire('toggle', row.span.key);
    } else if (row) {
      const {rows} = /** @type {TreeView} */ (this.view);
      const index = rows.indexOf(row);
      const above = rows.slice(0, index).findLastIndex(one => one.depth < row.depth);
      this.move(above < 0 ? 0 : above - index);
    }
  }

  #selected() {
    return this.view?.rows.find(row => row.span.key === this.view?.selected);
  }

  /** @param {string} type @param {string} key */
  #fire(type, key) {
    this.dispatchEvent(new CustomEvent(type, {detail: key}));
  }

  /** Scrolls a row into view, even if it is not rendered yet. @param {number} index */
  #reveal(index) {
    const rows = /** @type {HTMLElement} */ (this.querySelector('.span-rows'));
    let scroller = /** @type {HTMLElement | null} */ (this);
    while (scroller && !(scroller.scrollHeight > scroller.clientHeight && /auto|scroll/.test(getComputedStyle(scroller).overflowY))) {
      scroller = scroller.parentElement;
    }
    if (scroller) {
      const frame = scroller.getBoundingClientRect();
      const top = rows.getBoundingClientRect().top + index * ROW_HEIGHT;
      scroller.scrollTop += Math.min(0, top - 2 * ROW_HEIGHT - frame.top) + Math.max(0, top + 2 * ROW_HEIGHT - frame.bottom);
    }
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    /** @type {Record<string, () => void>} */
    const actions = {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      ArrowRight: () => this.open(),
      ArrowLeft: () => this.close(),
      Enter: () => this.open(),
      Home: () => this.move(-Infinity),
      End: () => this.move(Infinity),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }

  render() {
    const view = this.view;
    if (!view) {
      return nothing;
    }
    const length = Math.max(1, view.to - view.from);
    const step = stepOf(length);
    const shift = (((view.origin - view.from) % step) + step) % step; // to the first grid line
    const shown = view.rows.slice(this.#rows.from, this.#rows.to);
    const active = shown.some(row => row.span.key === view.selected) ? `span-${view.selected}` : nothing;
    return html`<div class="span-tree ${view.seq === Infinity ? '' : 'past'}" role="treegrid" tabindex="0" aria-label="Spans"
        aria-rowcount=${view.rows.length + 1} aria-activedescendant=${active} @keydown=${this.#pressed}
        .style=${`--step: ${(step / length) * 100}%; --shift: ${(shift / Math.max(1, length - step)) * 100}%; --at: ${((view.now - view.from) / length) * 100}%`}>
      <div class="span-head" role="row" aria-rowindex="1">
        <div role="columnheader">Span</div>
        <div role="columnheader" class="number">Took</div>
        <div role="columnheader" class="lane" aria-label="Timeline">${ticks(view, length, step, shift)}</div>
      </div>
      <div class="span-rows" role="rowgroup" .style=${`height: ${view.rows.length * ROW_HEIGHT}px`}>
        ${shown.map((row, i) => this.#row(row, this.#rows.from + i, view))}
      </div>
    </div>`;
  }

  /** @param {Row} row @param {number} index @param {TreeView} view */
  #row({span, depth, open}, index, view) {
    const {seq, now, selected} = view;
    const status = span.shownStatusAt(seq);
    const end = span.endAt(seq);
    const isSelected = span.key === selected;
    return html`<div id="span-${span.key}" role="row" class=${classMap({'span-row': true, selected: isSelected, internal: span.isInternal, [`of-${span.kind}`]: true})}
        aria-level=${depth + 1} aria-rowindex=${index + 2} aria-selected=${isSelected} aria-expanded=${open ?? nothing}
        .style=${`top: ${index * ROW_HEIGHT}px; --depth: ${Math.min(depth, 12)}`}
        @click=${() => this.#fire('pick', isSelected ? '' : span.key)}>
      <div role="gridcell" class="what">
        <span class="toggle" aria-hidden="true" @click=${(/** @type {Event} */ event) => this.#toggle(event, span.key, open)}>${open === null ? '' : open ? '▾' : '▸'}</span>
        ${statusMark(status, {signOnly: true})}
        <bdi class="span-name">${name(span)}</bdi>
        <span class="span-note"><bdi>${note(span, seq)}</bdi></span>
      </div>
      <div role="gridcell" class="number">${duration((Number.isFinite(end) ? end : now) - span.start)}</div>
      <div role="gridcell" class="lane" aria-label=${laneText(span, status)}>${bars(span, view)}</div>
    </div>`;
  }

  /** @param {Event} event @param {string} key @param {boolean | null} open */
  #toggle(event, key, open) {
    if (open !== null) {
      event.stopPropagation();
      this.#fire('toggle', key);
    }
  }
}

/** @param {TreeView} view @param {number} length @param {number} step @param {number} shift */
function ticks({from, origin}, length, step, shift) {
  return Array.from({length: Math.floor((length - shift) / step) + 1}, (_, i) => {
    const at = shift + i * step;
    return at > 0.88 * length ? nothing : html`<span class="tick" .style=${`left: ${(at / length) * 100}%`}>${tick(from + at - origin)}</span>`;
  });
}

/** @param {Span} span */
function name(span) {
  const runs = span.kind === 'run' ? (span.parent?.children ?? []) : [];
  return runs.length > 1 ? `run ${runs.indexOf(span) + 1}` : line(span.name);
}

/** @param {Span} span @param {number} seq */
function note(span, seq) {
  if (span.kind === 'activity') {
    const attempts = span.attemptsAt(seq).length;
    return attempts > 1 ? `${attempts} attempts` : '';
  } else if (span.kind === 'task') {
    return glance(span.valueAt(seq).value);
  } else if (span.kind === 'execution') {
    return `${span.children.filter(run => run.firstSeq <= seq).length} runs`;
  }
  return line((span.parent?.children.length ?? 0) > 1 ? span.id : span.executionId);
}

/** The label of a timeline cell. @param {Span} span @param {string} status */
function laneText(span, status) {
  return `${statusWord(status)}, started ${shortTime(span.start)}`;
}

/** @param {Span} span @param {TreeView} view */
function bars(span, view) {
  const {seq, now} = view;
  const end = span.endAt(seq);
  const last = Number.isFinite(end) ? end : now;
  const attempts = span.kind === 'activity' ? span.attemptsAt(seq) : [];
  const shown = span.shownStatusAt(seq);
  if (attempts.length < 2) {
    return [bar(span.start, last, shown, statusWord(shown), view), ...slips(span, view)];
  }
  return attempts.slice(-MOST_ATTEMPTS).map(({number, start, end: own, status, failure}) => {
    const current = isOver(status) ? status : shown;
    const why = failure ? `: ${line(inShort(failure).headline, 500)}` : '';
    return bar(start, Number.isFinite(own) ? own : Math.max(start, last), current, `Attempt ${number} · ${statusWord(current)}${why}`, view);
  });
}

/** @param {number} start @param {number} end @param {string} status @param {string} title @param {TreeView} view */
function bar(start, end, status, title, {from, to}) {
  const share = (/** @type {number} */ at) => Math.max(0, Math.min(100, ((at - from) / Math.max(1, to - from)) * 100));
  const left = share(start);
  const width = share(end) - left;
  return end < from || start > to ? nothing : html`<span class="span-bar ${statusKind(status)}" title=${title} .style=${`left: ${left}%; width: ${width}%`}></span>`;
}

/** Marks of failed and timed-out workflow tasks. @param {Span} span @param {TreeView} view */
function slips(span, {seq, from, to}) {
  return span.slips.filter(slip => slip.seq <= seq).slice(-MOST_ATTEMPTS).map(({at, event}) => {
    const {failure, timeout_type: timeout} = event.attributes;
    const why = failure ? line(inShort(failure).headline, 500) : (timeout ?? '');
    const word = event.event_type === 'WORKFLOW_TASK_FAILED' ? 'Workflow task failed' : 'Workflow task timed out';
    const left = ((at - from) / Math.max(1, to - from)) * 100;
    return html`<span class="span-slip" title="${word}${why ? `: ${why}` : ''}" .style=${`left: ${left}%`}></span>`;
  });
}

customElements.define('span-tree', SpanTree);
