// @ts-check
// The live table of runs. The URL holds its filters and its order.

import {html, noChange, nothing} from 'lit';
import {guard} from 'lit/directives/guard.js';
import {repeat} from 'lit/directives/repeat.js';
import {Element} from '../app/element.js';
import {Shortcuts} from '../app/keyboard.js';
import {PageStream, Redraw} from '../app/page.js';
import {currentRoute, href, setQuery} from '../app/route.js';
import {amount, duration, zoneName} from '../data/format.js';
import {RunList, isOver, shownStatus, tasksOf} from '../data/runs.js';
import {EventStream} from '../data/stream.js';
import {copyId, durationOf, emptyState, errorState, statusMark, statusWord, timeOf} from '../part/small.js';

/** @typedef {import('../data/runs.js').Run} Run */

const STATUSES = ['RUNNING', 'RETRYING_AFTER_ERROR', 'COMPLETED', 'FAILED', 'CANCELED', 'CONTINUED_AS_NEW'];

/** Filters with their names in the URL and in the API. */
const FILTERS = [
  {name: 'workflow', parameter: 'workflow_identifier', label: 'Workflow', hint: 'exact name'},
  {name: 'tree', parameter: 'root_execution_id', label: 'Tree of', hint: 'execution id of the root'},
  {name: 'after', parameter: 'start_time_after', label: 'Started after', type: 'datetime-local'},
  {name: 'before', parameter: 'start_time_before', label: 'Started before', type: 'datetime-local'},
  {name: 'ended-after', parameter: 'end_time_after', label: 'Ended after', type: 'datetime-local'},
  {name: 'ended-before', parameter: 'end_time_before', label: 'Ended before', type: 'datetime-local'},
];

/** Translates the URL's filters and order to those of the API. @param {URLSearchParams} query @returns {import('../data/api.js').Query} */
function listQuery(query) {
  const filters = FILTERS.map(({name, parameter, type}) => {
    const value = query.get(name) ?? '';
    const time = type && value ? new Date(value) : null;
    return [parameter, time ? (Number.isNaN(time.getTime()) ? '' : time.toISOString()) : value];
  });
  return {
    ...Object.fromEntries(filters),
    search: query.get('search'),
    status: query.getAll('status'),
    sort_by: query.get('sort') ?? 'start_time',
    order: query.get('order') ?? 'desc',
  };
}

class RunsView extends Element {
  static properties = {route: {attribute: false}};

  /** @type {RunList | null} */
  #list = null;
  #asked = '';
  #redraw = new Redraw(this, () => this.#list?.runs.some(run => !isOver(run)) ?? false);
  #page = new PageStream(this, () => this.#list && this.#begin(this.#list.query));
  #typing = 0;
  #reading = false;
  #isScrolled = false;
  /**
   * Runs whose rows are not visible. They are rendered when they become visible, and when the run ends, because
   * screen readers and the browser's search find them even out of view. @type {WeakSet<Run>}
   */
  #unseen = new WeakSet();

  constructor() {
    super();
    this.route = currentRoute(); // a field would hide Lit's accessor, which detects changes
    new Shortcuts(this, [
      {keys: ['/'], what: 'Search runs', run: () => /** @type {HTMLElement} */ (this.querySelector('[type=search]')).focus()},
      {keys: ['j', 'ArrowDown'], what: 'Next run', run: () => this.#move(1)},
      {keys: ['k', 'ArrowUp'], what: 'Previous run', run: () => this.#move(-1)},
      {keys: ['n'], what: 'Show new runs', run: () => this.#showFresh()},
    ]);
  }

  willUpdate() {
    const query = listQuery(this.route.query);
    const asked = JSON.stringify(query);
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#begin(query);
    }
    if (!this.#isBeingRead()) {
      this.#list?.showFresh();
    }
  }

  connectedCallback() {
    super.connectedCallback();
    this.#asked = '';
    this.#isScrolled = false;
    this.closest('main')?.addEventListener('scroll', this.#scrolled, {passive: true});
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.querySelector('main')?.removeEventListener('scroll', this.#scrolled);
    this.#list?.close();
    clearTimeout(this.#typing);
  }

  /** Remembers the scroll position, as reading it while rows change would force a layout. @param {Event} event */
  #scrolled = event => {
    this.#isScrolled = /** @type {HTMLElement} */ (event.currentTarget).scrollTop > 0;
    if (!this.#isScrolled && this.#list?.fresh.length) {
      this.#redraw.soon();
    }
  };

  /** @param {import('../data/api.js').Query} query */
  #begin(query) {
    this.#list?.close();
    this.#unseen = new WeakSet();
    const list = new RunList(query, () => this.#redraw.soon());
    this.#list = list;
    // Opens the stream first: events that arrive before the first page are applied to it.
    this.#page.open(
      new EventStream({
        query: {workflow_name: query.workflow_identifier, root_workflow_exec_id: query.root_execution_id},
        from: -1,
        onFrames: frames => list.see(frames),
        onState: state => state.phase === 'open' && list.runs.length === 0 && list.load(),
        onReset: () => this.#begin(query),
      }),
    );
  }

  updated() {
    this.#list?.look(this.#list.runs.slice(0, 200));
  }

  /** Whether the user is reading, so rows must stay in place. */
  #isBeingRead() {
    return this.#reading || this.#isScrolled || this.querySelector('table')?.contains(document.activeElement);
  }

  /** @param {number} step */
  #move(step) {
    const links = /** @type {HTMLElement[]} */ ([...this.querySelectorAll('a.row')]);
    const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
  }

  render() {
    const list = this.#list;
    return html`
      <h1 class="for-readers">Runs</h1>
      ${this.#toolbar()} ${this.#chips()}
      ${list?.fresh.length && this.#isBeingRead()
        ? html`<button class="pill main" @click=${this.#showFresh}>${amount(list.fresh.length)} new ${list.fresh.length === 1 ? 'run' : 'runs'}</button>`
        : nothing}
      ${list ? this.#table(list) : nothing}`;
  }

  #showFresh = () => {
    this.#list?.showFresh();
    this.#redraw.soon();
    this.closest('main')?.scrollTo(0, 0);
  };

  #toolbar() {
    const {query} = this.route;
    const statuses = query.getAll('status');
    return html`<div class="toolbar">
      <input type="search" aria-label="Search in names and ids" placeholder="Search names and ids  ( / )" .value=${query.get('search') ?? ''} @input=${this.#search}>
      <div class="states" role="group" aria-label="Status">
        ${STATUSES.map(
          status => html`<button aria-pressed=${statuses.includes(status) ? 'true' : 'false'} @click=${() => this.#toggle(status)}>${statusMark(status)}</button>`,
        )}
      </div>
      <details class="menu">
        <summary>Filter</summary>
        <form @submit=${this.#filter}>
          ${FILTERS.map(
            ({name, label, hint, type}) => html`<label>${label}
              <input name=${name} type=${type ?? 'text'} step="1" placeholder=${hint ?? ''} .value=${query.get(name) ?? ''}></label>`,
          )}
          <button class="main">Apply</button>
        </form>
      </details>
    </div>`;
  }

  #chips() {
    const {query} = this.route;
    const chips = [
      ...FILTERS.filter(({name}) => query.get(name)).map(({name, label, type}) => ({
        text: `${label}: ${type ? query.get(name)?.replace('T', ' ') : query.get(name)}`, clear: {[name]: null}})),
      ...query.getAll('status').map(status => ({text: statusWord(status), clear: {status: query.getAll('status').filter(one => one !== status)}})),
      ...(query.get('search') ? [{text: `“${query.get('search')}”`, clear: {search: null}}] : []),
    ];
    return chips.length === 0
      ? nothing
      : html`<div class="chips" aria-label="Filters" role="group">
          ${chips.map(
            ({text, clear}) => html`<span class="chip"><span><bdi>${text}</bdi></span>
              <button aria-label="Remove the filter ${text}" @click=${() => setQuery(clear)}>✕</button></span>`,
          )}
          ${chips.length > 1 ? html`<a href=${href('runs')}>Clear all</a>` : nothing}
        </div>`;
  }

  /** @param {InputEvent} event */
  #search(event) {
    const text = /** @type {HTMLInputElement} */ (event.target).value.trim();
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => setQuery({search: text}), 250);
  }

  /** @param {string} status */
  #toggle(status) {
    const chosen = this.route.query.getAll('status');
    setQuery({status: chosen.includes(status) ? chosen.filter(one => one !== status) : [...chosen, status]});
  }

  /** @param {SubmitEvent} event */
  #filter(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    setQuery(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()])));
    form.closest('details')?.removeAttribute('open');
  }

  /** @param {RunList} list */
  #table(list) {
    if (list.error && list.runs.length === 0) {
      return errorState(list.error, () => list.load());
    } else if (list.runs.length === 0) {
      return list.loading || !list.query ? html`<p class="loading">Loading runs…</p>` : this.#nothing();
    }
    const second = Math.floor(Date.now() / 1000);
    return html`<table class="runs" role="table" @pointerenter=${() => (this.#reading = true)} @pointerleave=${this.#left}>
        <thead role="rowgroup"><tr role="row">
          <th role="columnheader" scope="col">Status</th>
          <th role="columnheader" scope="col">Workflow</th>
          <th role="columnheader" scope="col">Execution</th>
          <th role="columnheader" scope="col">Now</th>
          ${this.#sortable('start_time', `Started (${zoneName()})`)} ${this.#sortable('end_time', 'Duration')}
        </tr></thead>
        <tbody role="rowgroup" @contentvisibilityautostatechange=${this.#seen}>${repeat(
          list.runs,
          run => run.runId,
          run => this.#unseen.has(run) && !isOver(run) ? noChange : guard([run.version, run, isOver(run) ? 0 : second], () => this.#row(run)),
        )}</tbody>
      </table>
      ${list.error ? errorState(list.error, () => list.load()) : nothing}
      ${list.hasOlder ? html`<p class="more"><button @click=${() => list.load()} ?disabled=${list.loading}>Older runs</button></p>` : nothing}`;
  }

  /** Handles a row that became visible or hidden. @param {Event} event */
  #seen = event => {
    const {run} = /** @type {HTMLElement & {run: Run}} */ (event.target);
    if (/** @type {Event & {skipped: boolean}} */ (event).skipped) {
      this.#unseen.add(run);
    } else if (this.#unseen.delete(run)) {
      this.#redraw.soon();
    }
  };

  #left = () => {
    this.#reading = false;
    this.#redraw.soon();
  };

  #nothing() {
    return this.route.query.size > 0
      ? emptyState('No runs match', html`<a href=${href('runs')}>Show all runs</a>`)
      : emptyState('No runs yet', html`A run appears here with its first event.`);
  }

  /** @param {string} by @param {string} label */
  #sortable(by, label) {
    const {query} = this.route;
    const sorted = (query.get('sort') ?? 'start_time') === by;
    const order = query.get('order') ?? 'desc';
    const next = sorted && order === 'desc' ? 'asc' : 'desc';
    return html`<th role="columnheader" scope="col" aria-sort=${sorted ? (order === 'desc' ? 'descending' : 'ascending') : 'none'}>
      <button title=${by === 'end_time' ? 'Sort by end (hides runs that have not ended)' : 'Sort by start'}
        @click=${() => setQuery({sort: by === 'start_time' ? null : by, order: next === 'desc' ? null : next})}>
        ${label} <span aria-hidden="true">${sorted ? (order === 'desc' ? '↓' : '↑') : ''}</span></button></th>`;
  }

  /** @param {Run} run */
  #row(run) {
    const address = href('run', run.executionId, {run: run.runId});
    return html`<tr role="row" .run=${run} @click=${(/** @type {MouseEvent} */ event) => this.#open(event, address)}>
      <td role="cell">${statusMark(shownStatus(run))}</td>
      <td role="cell"><a class="row" href=${address}><bdi>${run.workflow}</bdi></a>${run.parent ? html` <small title="Started by ${run.parent}">child</small>` : nothing}</td>
      <td role="cell" class="execution">${copyId(run.executionId, 'execution id')}</td>
      <td role="cell" class="now">${this.#now(run)}</td>
      <td role="cell">${timeOf(run.start)}</td>
      <td role="cell">${durationOf(run.start, run.end)}</td>
    </tr>`;
  }

  /** @param {Run} run */
  #now(run) {
    const tasks = tasksOf(run);
    const waiting = tasks.find(task => task.waiting !== null);
    const task = waiting ?? tasks.find(one => one.progress !== null) ?? tasks.at(-1);
    if (!task) {
      return nothing;
    }
    return html`<bdi>${waiting ? waiting.waiting || 'input' : task.name}</bdi>
      ${task.retries > 0 ? html`<small class="status retrying">attempt ${task.retries + 1}</small>` : nothing}
      ${waiting ? html`<small>for ${duration(Date.now() - task.since)}</small>` : nothing}
      ${task.progress !== null ? html`<progress max="1" .value=${task.progress} aria-label="Progress">${Math.round(task.progress * 100)} %</progress>` : nothing}
      ${tasks.length > 1 ? html`<small>+${tasks.length - 1}</small>` : nothing}`;
  }

  /** Opens a run on a click in its row, unless it selects text or hits a link or button. @param {MouseEvent} event @param {string} address */
  #open(event, address) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.closest('a, button') && !getSelection()?.toString()) {
      event.ctrlKey || event.metaKey ? window.open(address) : (location.hash = address);
    }
  }
}

customElements.define('runs-view', RunsView);
