// @ts-check
// One execution, live or as of any sequence.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {Shortcuts} from '../app/keyboard.js';
import {PageStream, Redraw} from '../app/page.js';
import {setQuery} from '../app/route.js';
import {executionPath, get} from '../data/api.js';
import {ExecutionTree} from '../data/execution.js';
import {payloads} from '../data/payload.js';
import {onlyRun, rowsOf} from '../data/rows.js';
import {Chain, isOver} from '../data/span.js';
import {EventStream} from '../data/stream.js';
import {runHead} from '../part/run-head.js';
import {emptyState, errorState} from '../part/small.js';
import '../part/span-details.js';
import '../part/span-tree.js';
import '../part/time-slider.js';
import {verdict} from '../part/verdict.js';

/** @typedef {import('../data/span.js').Span} Span */

/** If no event arrives for this long, the replay of stored events is considered complete. In ms. */
const SETTLED_AFTER = 700;

/** Minimum interval between updates of the URL while the slider moves: browsers limit their rate. In ms. */
const ADDRESS_PACE = 250;

class RunView extends Element {
  static properties = {route: {attribute: false}};
  /** @type {ExecutionTree | null} */
  #tree = null;
  /** The newest run, from the server, until its events are received. @type {any} */
  #info = null;
  /** @type {Error | null} */
  #error = null;
  #isSettled = false;
  #settles = 0;
  /** The sequence to show; Infinity for now. */
  #seq = Infinity;
  #addressDue = 0;
  #page = new PageStream(this);
  #redraw = new Redraw(this, () => this.#grows());
  #decoded = () => this.#redraw.soon();
  /** @type {{of: string, rows: import('../data/rows.js').Row[]}} */
  #rows = {of: '', rows: []};

  constructor() {
    super();
    /** @type {import('../app/route.js').Route} */
    this.route = {view: 'run', id: '', query: new URLSearchParams()};
    const tree = () => /** @type {any} */ (this.querySelector('span-tree'));
    const slider = () => /** @type {any} */ (this.querySelector('time-slider'));
    new Shortcuts(this, [
      {keys: ['j'], what: 'Next span (also ↓ in the tree)', run: () => tree()?.move(1)},
      {keys: ['k'], what: 'Previous span (also ↑)', run: () => tree()?.move(-1)},
      {keys: ['l'], what: 'Open a span (also → or Enter)', run: () => tree()?.open()},
      {keys: ['h'], what: 'Close a span (also ←)', run: () => tree()?.close()},
      {keys: ['Escape'], what: 'Back to the whole run', run: () => this.#pick('')},
      {keys: ['['], what: 'Previous event in time', run: () => slider()?.step(-1)},
      {keys: [']'], what: 'Next event in time', run: () => slider()?.step(1)},
      {keys: ['z'], what: 'Zoom to the selected span, and back', run: () => setQuery({zoom: this.#asked('zoom') ? null : this.#asked('span')})},
      {keys: ['f'], what: 'Follow live', run: () => this.#travel(Infinity)},
    ]);
  }

  connectedCallback() {
    super.connectedCallback();
    payloads.addEventListener('change', this.#decoded);
    this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    payloads.removeEventListener('change', this.#decoded);
    clearTimeout(this.#settles);
    clearTimeout(this.#addressDue);
    this.#tree = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('route') && !this.#addressDue) {
      this.#seq = Number(this.route.query.get('at') || Infinity) || Infinity;
    }
  }

  #load = async () => {
    const {id} = this.route;
    this.#page.close();
    this.#tree = null;
    this.#error = null;
    this.requestUpdate();
    try {
      const info = await get(executionPath(id));
      if (this.isConnected && id === this.route.id) {
        this.#info = info;
        this.#follow(new ExecutionTree(id, info.root_execution_id));
      }
    } catch (error) {
      this.#error = /** @type {Error} */ (error);
      this.requestUpdate();
    }
  };

  /** @param {ExecutionTree} tree */
  #follow(tree) {
    this.#tree = tree;
    this.#isSettled = false;
    this.#settle();
    this.#page.open(new EventStream({
      query: {root_workflow_exec_id: this.#info.root_execution_id},
      onFrames: frames => {
        tree.take(frames);
        if (tree.isFull) {
          this.#page.close();
        }
        this.#settle();
        this.#redraw.soon();
      },
      onState: ({phase}) => phase === 'open' && this.#settle(),
      onReset: this.#load,
    }));
    this.requestUpdate();
  }

  #settle() {
    if (!this.#isSettled) {
      clearTimeout(this.#settles);
      this.#settles = setTimeout(() => {
        this.#isSettled = this.#page.stream?.state.phase === 'open' || !!this.#tree?.isFull;
        this.requestUpdate();
      }, SETTLED_AFTER);
    }
  }

  /** Whether something on screen changes with time. */
  #grows() {
    const top = this.#top();
    return this.#seq === Infinity && !(top && isOver(top.statusAt(Infinity)));
  }

  /** @param {string} name */
  #asked(name) {
    return this.route.query.get(name) ?? '';
  }

  #top() {
    return this.#tree?.top(this.#asked('run')) ?? null;
  }

  /** @param {string} key '' selects the whole run */
  #pick(key) {
    setQuery({span: key});
  }

  /** @param {number} seq */
  #travel(seq) {
    this.#seq = seq;
    this.requestUpdate();
    this.#addressDue ||= setTimeout(() => {
      this.#addressDue = 0;
      setQuery({at: this.#seq === Infinity ? null : this.#seq});
    }, ADDRESS_PACE);
  }

  /** @param {string} key */
  #toggle(key) {
    const closed = this.#closed();
    if (!closed.delete(key)) {
      closed.add(key);
    }
    setQuery({closed: [...closed].join('.')});
  }

  /** @returns {Set<string>} */
  #closed() {
    return new Set(this.#asked('closed').split('.').filter(Boolean));
  }

  render() {
    if (this.#error) {
      return errorState(this.#error, this.#load);
    }
    const top = this.#top();
    const tree = this.#tree;
    if (!tree || !top) {
      return html`${this.#info ? runHead({info: this.#info, tree: null, top: null, seq: Infinity, now: Date.now(), query: this.route.query}) : nothing}
        ${tree && this.#isSettled ? emptyState('This run has no stored events', 'It may have expired. Other runs of this execution may still be stored.') : html`<p class="loading">Loading…</p>`}`;
    }
    const isPast = this.#seq !== Infinity;
    const moment = isPast ? tree.momentAt(this.#seq) : tree.moments.at(-1);
    const now = isPast ? (moment?.at ?? top.start) : Math.max(Date.now(), moment?.at ?? 0);
    return this.#whole(tree, top, now);
  }

  /** @param {ExecutionTree} tree @param {Span} top @param {number} now */
  #whole(tree, top, now) {
    const seq = this.#seq;
    const whole = onlyRun(top, seq) ?? top;
    const run = whole instanceof Chain ? whole.runAt(seq) : whole;
    const picked = tree.span(this.#asked('span'));
    const pick = (/** @type {string} */ key) => this.#pick(key);
    const onPick = (/** @type {CustomEvent} */ event) => this.#pick(event.detail);
    const onTravel = (/** @type {CustomEvent} */ event) => this.#travel(event.detail);
    const zoomed = tree.span(this.#asked('zoom'));
    const selected = picked?.key ?? '';
    return html`<div class="run ${selected ? 'picked' : ''}">
      ${runHead({info: this.#info, tree, top, seq, now, query: this.route.query})}
      <time-slider .view=${{moments: tree.moments, marks: tree.marks, seq}} @travel=${onTravel}></time-slider>
      ${this.#notes(tree, top)}
      <div class="run-body">
        <div class="run-tree">
          ${verdict({run, seq, now, pick})}
          <div class="tree-tools"><h2>Timeline</h2><span class="room"></span>
            ${picked || zoomed ? html`<button aria-pressed=${!!zoomed} title="Zoom to the selected span (z)" @click=${() => setQuery({zoom: zoomed ? null : selected})}>Zoom</button>` : nothing}
            <label><input type="checkbox" .checked=${this.#asked('internal') === '1'} @change=${(/** @type {any} */ event) => setQuery({internal: event.target.checked ? '1' : ''})}>
              Internal activities</label></div>
          <span-tree .view=${{rows: this.#rowsOf(tree, top), seq, now, selected, ...extent(tree, top, zoomed, now)}} @pick=${onPick} @toggle=${(/** @type {CustomEvent} */ event) => this.#toggle(event.detail)}></span-tree>
        </div>
        <div class="run-details" role="region" aria-label="Details" tabindex="0">
          <span-details .view=${{span: picked ?? whole, seq, now, isTop: !picked}} @pick=${onPick} @travel=${onTravel}></span-details>
        </div>
      </div>
    </div>`;
  }

  /** The rows, cached: they change far less often than their content. @param {ExecutionTree} tree @param {Span} top */
  #rowsOf(tree, top) {
    const of = [tree.spans, this.#seq, top.key, this.#asked('internal'), this.#asked('closed')].join(' ');
    if (of !== this.#rows.of) {
      const view = {seq: this.#seq, internal: this.#asked('internal') === '1', closed: this.#closed()};
      this.#rows = {of, rows: rowsOf([top, ...tree.strays], view)};
    }
    return this.#rows.rows;
  }

  /** @param {ExecutionTree} tree @param {Span} top */
  #notes(tree, top) {
    const run = top instanceof Chain ? top.children[0] : top;
    const oldest = this.#page.stream?.log.oldest ?? 0;
    const hasExpired = this.#isSettled && !run.isStarted && oldest > 1;
    return html`
      ${hasExpired ? html`<p class="run-note">The beginning of this run has expired. Its events start at sequence ${run.firstSeq}.</p>` : nothing}
      ${tree.isFull ? html`<p class="run-note">This run has too many events for this page. Those after sequence ${tree.moments.at(-1)?.seq} are missing here; see “Events of this run”.</p>` : nothing}`;
  }
}

/**
 * The start, end and origin of the timeline. Going back in time does not change them.
 * @param {ExecutionTree} tree @param {Span} top @param {Span | null} zoomed @param {number} now
 */
function extent(tree, top, zoomed, now) {
  const end = top.endAt(Infinity);
  const last = Number.isFinite(end) ? end : Math.max(now, Date.now(), tree.moments.at(-1)?.at ?? 0);
  const first = (top instanceof Chain ? top.children : [top]).reduce((least, run) => Math.min(least, run.start), top.start);
  const all = {from: first, to: Math.max(last, first + 1), origin: first};
  if (!zoomed) {
    return all;
  }
  const until = zoomed.endAt(Infinity);
  const margin = ((Number.isFinite(until) ? until : last) - zoomed.start) * 0.1 + 1;
  return {...all, from: Math.max(all.from, zoomed.start - margin), to: (Number.isFinite(until) ? until : last) + margin};
}

customElements.define('run-view', RunView);
