// @ts-check
// Compares two runs side by side: path, status, attempts, duration and result.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {Redraw} from '../app/page.js';
import {href, setQuery} from '../app/route.js';
import {get} from '../data/api.js';
import {aligned, differences, inWords, isNotable} from '../data/comparison.js';
import {amount, duration, millis} from '../data/format.js';
import {payloads} from '../data/payload.js';
import {readTree} from '../data/read-tree.js';
import {Chain} from '../data/span.js';
import {brief, line} from '../data/words.js';
import {copyId, durationOf, emptyState, errorState, statusMark, timeOf} from '../part/small.js';
import {VisibleRows} from '../part/visible-rows.js';

/** @typedef {import('../data/span.js').Span} Span */

/**
 * One of the two compared runs.
 * @typedef {object} Side
 * @property {string} of execution id and run id, as in the URL
 * @property {Awaited<ReturnType<typeof readTree>>} [read]
 * @property {Error} [error]
 * @property {number} at when it was read
 */

const MOST_DIFFERENCES = 100;

/** As in compare.css. */
const ROW_HEIGHT = 32;
const NARROW_ROW_HEIGHT = 62;
const NARROW = matchMedia('(max-width: 700px)');

class CompareView extends Element {
  static properties = {route: {attribute: false}};
  /** @type {Record<string, Side>} */
  #sides = {};
  /** Runs to choose from. @type {{of: string, runs: any[], error?: Error} | null} */
  #choice = null;
  #abort = new AbortController();
  #redraw = new Redraw(this);
  #decoded = () => this.#redraw.soon();
  #rows = new VisibleRows(this, '.steps-rows', ROW_HEIGHT);
  /** @type {{a: Span | null, b: Span | null, steps: import('../data/comparison.js').Step[]}} */
  #aligned = {a: null, b: null, steps: []};

  constructor() {
    super();
    /** @type {import('../app/route.js').Route} */
    this.route = {view: 'compare', id: '', query: new URLSearchParams()};
  }

  connectedCallback() {
    super.connectedCallback();
    payloads.addEventListener('change', this.#decoded);
    this.#abort = new AbortController();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    payloads.removeEventListener('change', this.#decoded);
    this.#abort.abort();
    this.#sides = {};
  }

  willUpdate() {
    this.#rows.height = NARROW.matches ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
    for (const name of ['a', 'b']) {
      const [id, runId] = this.#asked(name);
      const of = JSON.stringify([id, runId]);
      if (id && this.#sides[name]?.of !== of) {
        this.#read(name, of, id);
      }
    }
  }

  /** Execution id and run id of a side. @param {string} name @returns {[string, string]} */
  #asked(name) {
    return [this.route.query.get(name) ?? '', this.route.query.get(`r${name}`) ?? ''];
  }

  /** @param {string} name @param {string} of @param {string} id */
  async #read(name, of, id) {
    /** @type {Side} */
    const side = {of, at: Date.now()};
    this.#sides[name] = side;
    try {
      side.read = await readTree(id, this.#abort.signal);
    } catch (error) {
      side.error = /** @type {Error} */ (error);
    }
    this.#redraw.soon();
  }

  #readAgain = () => {
    this.#sides = {};
    this.requestUpdate();
  };

  /** @param {string} name @returns {Span | null} */
  #top(name) {
    const [, runId] = this.#asked(name);
    const top = this.#sides[name]?.read?.tree.top(runId) ?? null;
    const other = this.#asked(name === 'a' ? 'b' : 'a')[1];
    return top instanceof Chain && other ? top.runAt(Infinity) : top;
  }

  render() {
    const [a] = this.#asked('a');
    const [b] = this.#asked('b');
    if (!a) {
      return emptyState('Nothing to compare', html`Open a run and choose “Compare”. <a href=${href('runs')}>All runs</a>`);
    }
    return html`<h1 class="for-readers">Compare two runs</h1>
      <div class="sides">${this.#side('a')}${b ? this.#side('b') : this.#chooser()}</div>
      ${b ? this.#comparison() : nothing}`;
  }

  /** @param {string} name */
  #side(name) {
    const [id, runId] = this.#asked(name);
    const side = this.#sides[name];
    const top = this.#top(name);
    const letter = name.toUpperCase();
    if (side?.error) {
      return html`<section class="side panel" aria-label=${letter}>${errorState(side.error, this.#readAgain)}${this.#another(name)}</section>`;
    }
    return html`<section class="side panel" aria-label=${letter}>
      <p><strong class="letter">${letter}</strong> ${copyId(id, 'execution id')}</p>
      ${top ? html`<p>${statusMark(top.shownStatusAt(Infinity))} · ${durationOf(top.start, top.endAt(Infinity), side.at)} · ${timeOf(top.start)}</p>`
        : side?.read ? html`<p class="sealed">This run has no stored events</p>` : html`<p class="soft">Loading…</p>`}
      ${side?.read?.isCut ? html`<p class="sealed">Too many events to read: later ones are missing.</p>` : nothing}
      <p><a href=${href('run', id, {run: runId})}>Open</a> ${this.#another(name)}</p>
    </section>`;
  }

  /** A link to choose another run for a side. @param {string} name */
  #another(name) {
    const keep = name === 'a' ? 'b' : 'a';
    const [id, runId] = this.#asked(keep);
    return id ? html`· <a href=${href('compare', '', {a: id, ra: runId})}>Choose another</a>` : nothing;
  }

  #chooser() {
    const name = this.#sides.a?.read?.info.workflow_name;
    if (name === undefined) {
      return nothing;
    }
    if (this.#choice?.of !== name) {
      this.#offer(name);
    }
    const [a, runA] = this.#asked('a');
    const {runs = [], error} = this.#choice ?? {};
    const others = runs.filter(run => run.execution_id !== a || (runA && run.run_id !== runA));
    return html`<section class="side panel" aria-label="B">
      <p><strong class="letter">B</strong> Compare with another run of <bdi>${line(name)}</bdi></p>
      ${error ? errorState(error) : nothing}
      <ul class="choice">${others.map(run => html`<li><a href=${href('compare', '', {a, ra: runA, b: run.execution_id, rb: run.run_id})}>
        ${statusMark(run.status)} <span class="id"><bdi>${line(run.execution_id)}</bdi></span>
        <span class="soft">${timeOf(millis(run.start_time))} · ${durationOf(millis(run.start_time), run.end_time ? millis(run.end_time) : NaN)}</span></a></li>`)}</ul>
      ${runs.length && !others.length ? html`<p class="soft">There are no other runs of this workflow.</p>` : nothing}
    </section>`;
  }

  /** @param {string} name of a workflow */
  async #offer(name) {
    this.#choice = {of: name, runs: []};
    try {
      const {executions} = await get('/v1/workflows/runs', {workflow_identifier: name, page_size: 50}, {signal: this.#abort.signal});
      this.#choice = {of: name, runs: executions};
    } catch (error) {
      this.#choice = {of: name, runs: [], error: /** @type {Error} */ (error)};
    }
    this.#redraw.soon();
  }

  #comparison() {
    const a = this.#top('a');
    const b = this.#top('b');
    if (!a || !b) {
      return nothing;
    }
    if (this.#aligned.a !== a || this.#aligned.b !== b) {
      this.#aligned = {a, b, steps: aligned(a, b, Math.max(this.#sides.a.at, this.#sides.b.at))};
    }
    const {steps} = this.#aligned;
    const only = this.route.query.get('only') === '1';
    const shown = only ? steps.filter(step => step.differs) : steps;
    const [first] = steps;
    const longer = (first.b?.took ?? 0) - (first.a?.took ?? 0);
    return html`
      <section class="summary" aria-label="Summary">
        <h2>${inWords(steps).join(' · ')}</h2>
        <p class="soft">${longer === 0 ? 'Both took the same time' : `B took ${duration(Math.abs(longer))} ${longer > 0 ? 'longer' : 'less'}`}
          · ${this.#valuesInWords(a, b)} <button class="quiet" @click=${this.#readAgain}>Reload</button></p>
      </section>
      <div class="toolbar"><h2>Steps</h2><span class="room"></span>
        <label><input type="checkbox" .checked=${only} @change=${(/** @type {any} */ event) => setQuery({only: event.target.checked ? '1' : ''})}> Only differences</label></div>
      ${this.#steps(shown)}
      ${values('Result', a.resultAt(Infinity), b.resultAt(Infinity))}
      ${values('Input', a.inputAt(Infinity), b.inputAt(Infinity))}`;
  }

  /** @param {Span} a @param {Span} b */
  #valuesInWords(a, b) {
    const count = compared(a.resultAt(Infinity), b.resultAt(Infinity))?.length;
    return count === undefined ? 'the results cannot be compared' : count === 0 ? 'the results are equal'
      : `the results differ in ${count === MOST_DIFFERENCES ? `${count} or more places` : count === 1 ? '1 place' : `${count} places`}`;
  }

  /** @param {import('../data/comparison.js').Step[]} steps */
  #steps(steps) {
    const {from, to, height} = this.#rows;
    return html`<div class="steps" role="table" aria-label="Steps" aria-rowcount=${steps.length + 1}>
      <div role="row" class="step head" aria-rowindex="1"><span role="columnheader">Step</span><span role="columnheader">A</span><span role="columnheader">B</span><span role="columnheader">Difference</span></div>
      <div role="rowgroup" class="steps-rows" .style=${`height: ${steps.length * height}px`}>
        ${steps.slice(from, to).map((step, i) => html`<div role="row" class="step ${step.differs ? 'differs' : ''}" aria-rowindex=${from + i + 2}
            .style=${`top: ${(from + i) * height}px; --depth: ${Math.min(step.depth, 12)}`}>
          <span role="cell" class="name"><bdi>${line(step.name)}</bdi></span>
          <span role="cell">${this.#taken('a', step.a)}</span>
          <span role="cell">${this.#taken('b', step.b)}</span>
          <span role="cell" class="delta">${delta(step)}</span>
        </div>`)}
      </div>
      ${steps.length ? nothing : html`<p class="empty">No steps differ.</p>`}
    </div>`;
  }

  /** @param {string} name @param {import('../data/comparison.js').Taken | null} taken */
  #taken(name, taken) {
    if (!taken) {
      return html`<span class="soft">not in this run</span>`;
    }
    const [id, runId] = this.#asked(name);
    const retries = taken.attempts > 1 ? ` · ${taken.attempts} attempts` : '';
    return html`${statusMark(taken.status, {signOnly: true})} <a href=${href('run', id, {run: runId, span: taken.span.key})} title="Open this step">${duration(taken.took)}</a>${retries}`;
  }
}

/** @param {import('../data/comparison.js').Step} step */
function delta({a, b}) {
  if (!a || !b) {
    return a ? 'only in A' : 'only in B';
  }
  const more = b.took - a.took;
  const factor = b.took / Math.max(1, a.took);
  const text = Math.abs(more) < 1 ? 'none' : `${more < 0 ? '−' : '+'}${duration(Math.abs(more))}`;
  return isNotable(a.took, b.took)
    ? html`<strong class=${more > 0 ? 'slower' : 'faster'}>${text}</strong>${factor >= 2 || factor <= 0.5 ? html` <span class="soft">× ${factor.toFixed(factor < 10 ? 1 : 0)}</span>` : nothing}`
    : html`<span class="soft">${text}</span>`;
}

/** Caches comparisons, as values may be large. @type {WeakMap<object, {other: any, found: ReturnType<typeof differences>}>} */
const known = new WeakMap();

/**
 * The differences between two payloads; undefined if one cannot be read.
 * @param {any} a @param {any} b
 * @returns {ReturnType<typeof differences> | undefined}
 */
function compared(a, b) {
  const [{value: one}, {value: other}] = [a, b].map(payload => (payload ? payloads.content(payload) : {value: null}));
  if (one === undefined || other === undefined) {
    return undefined;
  }
  const before = a && known.get(a);
  if (before && before.other === other && !a.encoding_options?.length) {
    return before.found;
  }
  const found = differences(one, other, MOST_DIFFERENCES);
  if (a) {
    known.set(a, {other, found});
  }
  return found;
}

/** @param {string} label @param {any} a @param {any} b payloads */
function values(label, a, b) {
  const found = compared(a, b);
  return html`<section class="values"><h2>${label}</h2>
    ${found === undefined ? html`<p class="sealed">${[a, b].map(payload => payload && payloads.content(payload).note).find(Boolean)}</p>`
      : found.length === 0 ? html`<p class="soft">${a || b ? 'Equal' : 'None in either run'}</p>`
        : html`<table><thead><tr><th scope="col">Path</th><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody>${found.map(
          ({path, a: one, b: other}) => html`<tr><th scope="row"><code><bdi>${line(path) || 'whole value'}</bdi></code></th>${[one, other].map(
            value => html`<td><code><bdi>${value === undefined ? '–' : brief(value)}</bdi></code></td>`)}</tr>`)}</tbody></table>
          ${found.length === MOST_DIFFERENCES ? html`<p class="soft">Showing the first ${amount(MOST_DIFFERENCES)} differences.</p>` : nothing}`}
  </section>`;
}

customElements.define('compare-view', CompareView);
