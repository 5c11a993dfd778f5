// @ts-check
// Workflows by name: their runs, failures and latencies.

import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {Element} from '../app/element.js';
import {Shortcuts} from '../app/keyboard.js';
import {Poll} from '../app/poll.js';
import {currentRoute, href, setQuery} from '../app/route.js';
import {amount, duration} from '../data/format.js';
import {MOST_RUNS, newestRuns, percent, quantile, summarize} from '../data/workflows.js';
import {emptyState, errorState, timeOf} from '../part/small.js';
import {loadWorkflow, workflowPanel} from './workflow-panel.js';

/** @typedef {import('../data/workflows.js').Summary} Summary */

/** Time ranges by their name in the URL. */
const RANGES = /** @type {Record<string, {word: string, ms: number}>} */ ({
  hour: {word: 'Last hour', ms: 3_600_000},
  day: {word: 'Last day', ms: 86_400_000},
  week: {word: 'Last week', ms: 7 * 86_400_000},
  all: {word: 'All time', ms: Infinity},
});
const DEFAULT_RANGE = 'day';

const EVERY = 10_000;

/** Maximum number of rows. The search finds the others. */
const MOST_ROWS = 200;

/** Columns by their name in the URL, each with the number to sort by, largest first. */
const COLUMNS = /** @type {Record<string, {title: string, hint: string, of: (summary: Summary) => number}>} */ ({
  runs: {title: 'Runs', hint: 'Runs that started in this time', of: one => one.runs},
  running: {title: 'Running', hint: 'Runs that have not ended', of: one => one.running},
  failed: {title: 'Failed', hint: 'Runs that failed', of: one => one.failed},
  rate: {title: 'Failure rate', hint: 'Share of failed runs among ended runs', of: failureRate},
  median: {title: 'Median', hint: 'Half of the runs took no longer', of: one => quantile(one.latencies, 0.5)},
  p95: {title: 'p95', hint: '95% of the runs took no longer', of: one => quantile(one.latencies, 0.95)},
  last: {title: 'Last start', hint: 'When its newest run started', of: one => one.lastStart},
});

/** @param {Summary} summary NaN if none has ended */
function failureRate(summary) {
  return summary.failed / summary.ended;
}

class WorkflowsView extends Element {
  static properties = {route: {attribute: false}};

  #poll = new Poll(this, signal => this.#load(signal), EVERY);
  /** @type {import('../data/workflows.js').Run[]} */
  #runs = [];
  /** @type {Map<string, Summary>} */
  #summaries = new Map();
  /** Whether there are more runs than were read. */
  #isCut = false;
  /** The time range of the runs; '' before they are loaded. */
  #rangeOfRuns = '';
  #runsAt = 0;
  /** @type {import('./workflow-panel.js').Workflow | null} */
  #one = null;
  /** The time range and name of `#one`, as text. */
  #answered = '';
  /** The time range and name requested last, as text. */
  #asked = '';

  constructor() {
    super();
    this.route = currentRoute();
    new Shortcuts(this, [
      {keys: ['/'], what: 'Search workflows', run: () => this.querySelector('input')?.focus()},
      {keys: ['j'], what: 'Next workflow', run: () => this.#step(1)},
      {keys: ['k'], what: 'Previous workflow', run: () => this.#step(-1)},
      {keys: ['r'], what: 'Refresh', run: () => this.#refresh()},
    ]);
  }

  get #range() {
    const name = this.route.query.get('range') ?? DEFAULT_RANGE;
    return Object.hasOwn(RANGES, name) ? name : DEFAULT_RANGE;
  }

  /** The start of the time range, in ms since 1970; null for all time. */
  #since() {
    const {ms} = RANGES[this.#range];
    return ms === Infinity ? null : Date.now() - ms;
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    const since = this.#since();
    const range = this.#range;
    const name = this.route.id;
    const asked = this.#wanted();
    // A click on another workflow does not reload recent runs.
    if (range !== this.#rangeOfRuns || Date.now() - this.#runsAt >= EVERY) {
      const {runs, isCut} = await newestRuns({start_time_after: since && new Date(since).toISOString()}, signal);
      signal.throwIfAborted();
      this.#runs = runs;
      this.#summaries = summarize(runs);
      this.#isCut = isCut;
      this.#rangeOfRuns = range;
      this.#runsAt = Date.now();
      this.requestUpdate();
    }
    if (name) {
      const own = this.#isCut ? null : this.#runs.filter(run => run.workflow_name === name);
      const one = await loadWorkflow(name, since, own, signal);
      signal.throwIfAborted();
      this.#one = one;
      this.#answered = asked;
    }
  }

  #refresh() {
    this.#runsAt = 0;
    this.#poll.now();
  }

  #wanted() {
    return JSON.stringify([this.#range, this.route.id]);
  }

  willUpdate() {
    const asked = this.#wanted();
    if (this.#asked && this.#asked !== asked) {
      this.#poll.now();
    }
    this.#asked = asked;
  }

  /** The matching workflows, in order. @returns {Summary[]} */
  #rows() {
    const {query} = this.route;
    const search = (query.get('q') ?? '').toLowerCase();
    const found = [...this.#summaries.values()].filter(({name}) => name.toLowerCase().includes(search));
    const {of} = COLUMNS[query.get('sort') ?? ''] ?? {};
    return found.sort((one, other) => (of ? largest(of(one), of(other)) : 0) || (one.name < other.name ? -1 : 1));
  }

  /** @param {number} by */
  #step(by) {
    const rows = this.#rows();
    const at = rows.findIndex(({name}) => name === this.route.id);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
    if (next) {
      history.replaceState(null, '', href('workflows', next.name, this.route.query));
      window.dispatchEvent(new Event('hashchange'));
      this.updateComplete.then(() => this.querySelector('tr.selected')?.scrollIntoView({block: 'nearest'}));
    }
  }

  render() {
    const name = this.route.id;
    return html`<h1 class="for-readers">Workflows</h1>
      <div class="workflows ${name ? 'has-one' : ''}">
        ${this.#toolbar()}
        <section class="list" aria-label="All workflows">${this.#list()}</section>
        ${name ? this.#panel() : nothing}
      </div>`;
  }

  #panel() {
    if (this.#one && this.#answered === this.#wanted()) {
      return workflowPanel(this.#one, this.route.query, RANGES[this.#range].word);
    }
    const {error} = this.#poll;
    return error ? errorState(error, () => this.#refresh()) : html`<p class="loading">Loading…</p>`;
  }

  #toolbar() {
    const range = this.#range;
    return html`<div class="toolbar">
      <input type="search" aria-label="Search workflows" placeholder="Search workflows" .value=${this.route.query.get('q') ?? ''}
        @input=${(/** @type {any} */ event) => setQuery({q: event.target.value})}>
      <div class="ranges" role="group" aria-label="Time range">
        ${Object.entries(RANGES).map(([key, {word}]) => html`<button aria-pressed=${key === range} @click=${() => setQuery({range: key === DEFAULT_RANGE ? '' : key})}>${word}</button>`)}
      </div>
      <button class="quiet" title="Refresh now (r). Also refreshes automatically" @click=${() => this.#refresh()}>Refresh</button>
      <span class="soft as-of">${this.#poll.at ? html`as of ${timeOf(this.#poll.at)}` : nothing}</span>
    </div>`;
  }

  #list() {
    const {error} = this.#poll;
    if (this.#rangeOfRuns !== this.#range) {
      return error ? errorState(error, () => this.#refresh()) : html`<p class="loading">Loading…</p>`;
    }
    const rows = this.#rows();
    return html`
      ${error ? html`<p class="fault" role="alert">${error.message}. Last updated ${timeOf(this.#poll.at)}.</p>` : nothing}
      ${this.#isCut ? html`<p class="hint cut">More than ${amount(MOST_RUNS)} runs started in this time. The table counts the newest; choose a workflow to count all its runs.</p>` : nothing}
      ${rows.length ? this.#table(rows) : this.#none()}`;
  }

  #none() {
    return this.#summaries.size
      ? emptyState('No workflows match')
      : emptyState('No runs started in this time', this.#range === 'all' ? 'A run appears here with its first event.' : 'Choose a longer time range.');
  }

  /** @param {Summary[]} rows */
  #table(rows) {
    const sort = this.route.query.get('sort') ?? '';
    const heading = (/** @type {string} */ key, /** @type {string} */ title, hint = '') => html`<th
        class=${key ? 'number' : ''} aria-sort=${sort === key ? (key ? 'descending' : 'ascending') : 'none'} scope="col">
        <button title=${hint || 'Sort by name'} @click=${() => setQuery({sort: key})}>${title}${sort === key ? html` <span aria-hidden="true">${key ? '↓' : '↑'}</span>` : nothing}</button>
      </th>`;
    return html`<div class="rows"><table>
      <thead><tr>${heading('', 'Workflow')}${Object.entries(COLUMNS).map(([key, {title, hint}]) => heading(key, title, hint))}</tr></thead>
      <tbody>${repeat(rows.slice(0, MOST_ROWS), row => row.name, row => this.#row(row))}</tbody>
    </table></div>
    ${rows.length > MOST_ROWS ? html`<p class="hint cut">${amount(rows.length - MOST_ROWS)} more. Search to find them.</p>` : nothing}`;
  }

  /** @param {Summary} row */
  #row(row) {
    const isSelected = row.name === this.route.id;
    const rate = failureRate(row);
    const number = (/** @type {string} */ key, /** @type {unknown} */ value) => html`<td class="number" data-title=${COLUMNS[key].title}>${value}</td>`;
    return html`<tr class=${isSelected ? 'selected' : ''}>
      <td class="name"><a href=${href('workflows', row.name, this.route.query)} aria-current=${isSelected ? 'true' : 'false'}><bdi>${row.name}</bdi></a></td>
      ${number('runs', amount(row.runs))}
      ${number('running', row.running ? amount(row.running) : html`<span class="soft">0</span>`)}
      ${number('failed', row.failed ? html`<span class="status failed">${amount(row.failed)}</span>` : html`<span class="soft">0</span>`)}
      ${number('rate', html`<span class=${rate > 0 ? 'status failed' : 'soft'}>${percent(rate)}</span>`)}
      ${number('median', duration(quantile(row.latencies, 0.5)) || html`<span class="soft">–</span>`)}
      ${number('p95', duration(quantile(row.latencies, 0.95)) || html`<span class="soft">–</span>`)}
      ${number('last', timeOf(row.lastStart))}
    </tr>`;
  }
}

/** Orders larger numbers first and unknown ones last. @param {number} one @param {number} other */
function largest(one, other) {
  const [left, right] = [one, other].map(value => (Number.isNaN(value) ? -Infinity : value));
  return left === right ? 0 : right - left;
}

customElements.define('workflows-view', WorkflowsView);
