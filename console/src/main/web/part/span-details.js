// @ts-check
// The details of one span as of a sequence. For a run or an activity, its custom tasks are rendered by type and in
// order, so a conversation reads as one.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {href} from '../app/route.js';
import {countUpTo} from '../data/ascending.js';
import {duration} from '../data/format.js';
import {payloads} from '../data/payload.js';
import {isOver} from '../data/span.js';
import {line} from '../data/words.js';
import {failureText} from './failure.js';
import {copyId, durationOf, statusMark, timeOf} from './small.js';
import {changeRows} from './task-changes.js';
import './json-tree.js';
import './task-card.js';

/** @typedef {import('../data/span.js').Span} Span */

/**
 * @typedef {object} DetailsView
 * @property {Span} span
 * @property {number} seq the sequence to show; Infinity for now
 * @property {number} now ms since 1970
 * @property {boolean} isTop whether it is the page's own span, whose header and failure are shown above
 */

/** Number of items shown initially, and added by each "Show earlier". */
const SOME = 50;

const KINDS = {execution: 'Execution', run: 'Run', activity: 'Activity', task: 'Custom task'};

/** Fires `pick` with a span's key, or '' to close, and `travel` with a sequence, as `detail`. */
class SpanDetails extends Element {
  static properties = {view: {attribute: false}};
  /** Number of the newest tasks, events and changes to show. */
  #shown = {tasks: SOME, events: SOME, changes: SOME};
  /** Sequences of open events. @type {Set<number>} */
  #open = new Set();
  /** The last object given to each card: it redraws only for another object. @type {WeakMap<Span, any>} */
  #cards = new WeakMap();

  constructor() {
    super();
    /** @type {DetailsView | null} */
    this.view = null;
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.get('view')?.span !== this.view?.span) {
      this.#shown = {tasks: SOME, events: SOME, changes: SOME};
      this.#open.clear();
    }
  }

  render() {
    const view = this.view;
    if (!view) {
      return nothing;
    }
    const {span, seq, isTop} = view;
    if (span.firstSeq > seq) {
      return html`${this.#head(view)}<p class="soft">Not started yet at this point in time.</p>`;
    }
    return html`
      ${isTop ? nothing : this.#head(view)}
      ${isTop ? nothing : this.#failure(view)}
      ${span.kind === 'task' ? this.#card(span, view) : nothing}
      ${content('Input', span.inputAt(seq))}
      ${content('Result', span.resultAt(seq))}
      ${this.#attempts(view)}
      ${this.#tasks(view)}
      ${span.kind === 'task' ? this.#changes(view) : nothing}
      ${attributes(view)}
      ${this.#events(view)}`;
  }

  /** @param {string} type @param {any} detail */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }

  /** @param {DetailsView} view */
  #head({span, seq, now}) {
    const end = span.endAt(seq);
    const ended = isOver(span.statusAt(seq));
    return html`<header class="details-head">
      <p class="soft">${KINDS[span.kind]}<span class="room"></span>
        <button class="quiet" aria-label="Close the details" title="Close (Escape)" @click=${() => this.#fire('pick', '')}>✕</button></p>
      <h2><bdi>${line(span.name, 1000)}</bdi></h2>
      <p>${statusMark(span.shownStatusAt(seq))} · ${durationOf(span.start, end, now)} · <span class="soft">started</span> ${timeOf(span.start)}
        ${ended ? html` · <span class="soft">ended</span> ${timeOf(end)}` : nothing}</p>
    </header>`;
  }

  /** @param {DetailsView} view */
  #failure({span, seq}) {
    const failure = span.failureAt(seq);
    return failure && !isGood(span.statusAt(seq))
      ? html`<section class="failure"><h3>Failure</h3>${failureText(failure, true)}</section>`
      : nothing;
  }

  /** @param {DetailsView} view */
  #attempts({span, seq, now}) {
    const attempts = span.kind === 'activity' ? span.attemptsAt(seq) : [];
    if (attempts.length < 2) {
      return nothing;
    }
    return html`<section><h3>Attempts</h3><ol class="attempts">${attempts.slice(-SOME).map(
      ({number, start, end, status, failure}) => html`<li value=${number}>
        ${statusMark(status)} · ${durationOf(start, end, Number.isFinite(end) ? end : now)} · ${timeOf(start)}
        ${failure ? failureText(failure) : nothing}</li>`,
    )}</ol></section>`;
  }

  /** @param {DetailsView} view */
  #tasks(view) {
    const {span, seq} = view;
    const all = span.kind === 'execution' ? span.children.flatMap(run => run.tasks)
      : span.kind === 'run' ? span.tasks : span.children.filter(child => child.kind === 'task');
    const begun = all.filter(task => task.firstSeq <= seq);
    if (span.kind === 'task' || !begun.length) {
      return nothing;
    }
    const shown = begun.slice(-this.#shown.tasks);
    return html`<section class="cards" aria-label="Tasks"><h3>Tasks</h3>
      ${this.#more('tasks', begun.length)}
      ${shown.map(task => html`<div class="card">${this.#card(task, view)}
        <button class="quiet" title="Select this task" aria-label="Select the task ${line(task.name, 100)}" @click=${() => this.#fire('pick', task.key)}>→</button></div>`)}
    </section>`;
  }

  /** @param {Span} span @param {DetailsView} view */
  #card(span, {seq, now}) {
    const {value, note} = span.valueAt(seq);
    const status = span.shownStatusAt(seq) === 'OPEN' ? 'OPEN' : span.statusAt(seq);
    const reason = span.failureAt(seq) ? String(span.failureAt(seq).message) : '';
    const ended = isOver(span.statusAt(seq));
    const task = {
      type: span.name, status, value, note: [reason, note].filter(Boolean).join(' · '),
      startedAt: span.start, endedAt: span.endAt(seq), now: seq === Infinity || ended ? undefined : now,
    };
    const before = this.#cards.get(span);
    const same = before && Object.entries(task).every(([name, part]) => Object.is(before[name], part));
    if (!same) {
      this.#cards.set(span, task);
    }
    return html`<task-card .task=${same ? before : task}></task-card>`;
  }

  /** @param {DetailsView} view */
  #changes({span, seq}) {
    const count = countUpTo(span.states, seq);
    return count < 2 ? nothing : html`<section><h3>What changed</h3>
      ${this.#more('changes', count)}
      <ol class="changes">${changeRows(span, Math.max(0, count - this.#shown.changes), count, at => this.#fire('travel', at))}</ol>
    </section>`;
  }

  /** @param {DetailsView} view */
  #events({span, seq}) {
    const events = (span.kind === 'execution' ? span.children.flatMap(run => run.moments) : span.moments);
    const count = countUpTo(events, seq);
    return html`<details class="events"><summary>Events <span class="soft">${count}</span></summary>
      ${this.#more('events', count)}
      <ol>${events.slice(Math.max(0, count - this.#shown.events), count).map(({seq: own, at, event, metadata}) => html`<li>
        <button class="quiet event" aria-expanded=${this.#open.has(own)} @click=${() => this.#flip(own)}>
          <span class="mono">${own}</span> ${event.event_type} <span class="soft">${timeOf(at)}</span></button>
        <button class="quiet" title="Go to this point in time" aria-label="Go to sequence ${own}" @click=${() => this.#fire('travel', own)}>◷</button>
        ${this.#open.has(own) ? html`<json-tree label="Event" .value=${event}></json-tree>
          ${isEmpty(metadata) ? nothing : html`<json-tree label="Metadata" .value=${metadata}></json-tree>`}` : nothing}
      </li>`)}</ol></details>`;
  }

  /** @param {number} seq */
  #flip(seq) {
    if (!this.#open.delete(seq)) {
      this.#open.add(seq);
    }
    this.requestUpdate();
  }

  /** @param {'tasks' | 'events' | 'changes'} what @param {number} count */
  #more(what, count) {
    const hidden = count - this.#shown[what];
    return hidden <= 0 ? nothing : html`<button @click=${() => {
      this.#shown[what] += SOME;
      this.requestUpdate();
    }}>Show earlier ${what} (${hidden})</button>`;
  }
}

/** @param {string} status */
function isGood(status) {
  return status === 'COMPLETED' || status === 'CONTINUED_AS_NEW';
}

/** @param {any} metadata */
function isEmpty(metadata) {
  return !metadata || Object.keys(metadata).length === 0;
}

/** A payload, or the reason why it cannot be shown. @param {string} label @param {any} payload */
export function content(label, payload) {
  if (!payload) {
    return nothing;
  }
  const {value, note} = payloads.content(payload);
  return html`<section>
    ${value === undefined ? html`<h3>${label}</h3>` : html`<json-tree label=${label} .value=${value}></json-tree>`}
    ${note ? html`<p class="sealed">${note}</p>` : nothing}
  </section>`;
}

/** @param {DetailsView} view */
function attributes({span, seq, now}) {
  const first = (span.kind === 'execution' ? span.children[0] : span).moments[0];
  const {metadata} = first ?? {};
  const run = span.kind === 'execution' ? null : span.run();
  const waits = span.waitsSince(seq);
  return html`<section><h3>Attributes</h3>
    <dl class="facts">
      ${span.kind === 'activity' || span.kind === 'task' ? html`<dt>Id</dt><dd>${copyId(span.id, `${span.kind} id`)}</dd>` : nothing}
      <dt>Execution</dt><dd>${copyId(span.executionId, 'execution id')} <a href=${href('run', span.executionId)} title="Open this execution" aria-label="Open this execution">↗</a></dd>
      ${run ? html`<dt>Run</dt><dd>${copyId(run.id, 'run id')}</dd>` : nothing}
      ${span.parent && span.kind === 'task' && span.parent.kind === 'activity' ? html`<dt>In activity</dt><dd><bdi>${line(span.parent.name)}</bdi></dd>` : nothing}
      ${waits === null ? nothing : html`<dt>Waiting for</dt><dd>${duration(now - waits)}</dd>`}
    </dl>
    ${isEmpty(metadata) ? nothing : html`<json-tree label="Metadata" .value=${metadata}></json-tree>`}
  </section>`;
}

customElements.define('span-details', SpanDetails);
