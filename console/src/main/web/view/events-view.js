// @ts-check
// The raw tail: events as they arrive, with every filter of the stream.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {Shortcuts} from '../app/keyboard.js';
import {PageStream, Redraw} from '../app/page.js';
import {setQuery} from '../app/route.js';
import {session} from '../data/api.js';
import {TYPES, chipsOf, filtersOf} from '../data/event-filters.js';
import {amount} from '../data/format.js';
import {parseExact} from '../data/json.js';
import {KeptEvents, MOST_EVENTS} from '../data/kept-events.js';
import {payloads} from '../data/payload.js';
import {curl, java, python} from '../data/snippets.js';
import {EventStream} from '../data/stream.js';
import {line, patternOf} from '../data/words.js';
import {announce, copyButton, emptyState} from '../part/small.js';
import '../part/virtual-list.js';
import './event-filter-form.js';
import {COLUMNS, eventDetail, eventRow} from './event-row.js';

/** @typedef {import('../data/kept-events.js').Row} Row */

/** The default start: this many sequences ago. */
const RECENT = 1_000;

/** Maximum number of open events, so the URL stays short. */
const MOST_OPEN = 20;

/** Number of events that suggest filter values. */
const SAMPLE = 300;

/** Whether the screen is narrow: rows then have two lines. */
const narrow = matchMedia('(max-width: 860px)');

class EventsView extends Element {
  static properties = {route: {attribute: false}};

  #redraw = new Redraw(this);
  #pages = new PageStream(this);
  #kept = new KeptEvents(() => this.#redraw.soon());
  /** The filters and the start of the stream, as text. If it changes, the stream is reopened. */
  #shown = '';
  /** @type {import('../data/event-filters.js').StreamQuery} */
  #query = {};
  /** The first sequence of the stream, once known. */
  #start = 0;
  #find = '';
  #tail = true;
  /** Sequence of the newest event when the user left the end. */
  #left = 0;
  /** Sequences of open events. @type {Set<number>} */
  #opened = new Set();
  /** @type {Map<number, any>} */
  #parsed = new Map();
  /** Sequence of an event to show as soon as it is received; 0 for none. */
  #wanted = 0;
  #adds = false;
  #asksStart = false;
  #typing = 0;
  #changed = () => this.#redraw.soon();

  constructor() {
    super();
    /** @type {import('../app/route.js').Route | undefined} */
    this.route = undefined;
    new Shortcuts(this, [
      {keys: ['/'], what: 'Search in the loaded events', run: () => /** @type {HTMLElement | null} */ (this.querySelector('#find-events'))?.focus()},
      {keys: ['j'], what: 'Next event (Enter opens it)', run: () => this.#list?.move(1)},
      {keys: ['k'], what: 'Previous event', run: () => this.#list?.move(-1)},
      {keys: ['f'], what: 'Add a filter', run: () => this.#showForm(true)},
      {keys: ['p'], what: 'Pause or continue', run: () => this.#pause()},
      {keys: ['n'], what: 'Jump to the newest event', run: () => this.#stick(true)},
    ]);
  }

  connectedCallback() {
    super.connectedCallback();
    payloads.addEventListener('change', this.#changed);
    narrow.addEventListener('change', this.#changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    payloads.removeEventListener('change', this.#changed);
    narrow.removeEventListener('change', this.#changed);
    this.#kept.clear();
    this.#shown = '';
  }

  /** @returns {any} */
  get #list() {
    return this.querySelector('virtual-list');
  }

  willUpdate() {
    const query = this.route?.query ?? new URLSearchParams();
    this.#query = filtersOf(query);
    this.#opened = new Set(query.getAll('open').map(Number).slice(0, MOST_OPEN));
    const shown = JSON.stringify([this.#query, query.get('start_seq')]);
    if (this.#shown !== shown) {
      this.#wanted = this.#shown ? 0 : Math.max(0, ...this.#opened);
      this.#shown = shown;
      this.#open(query.get('start_seq'));
    }
    const find = query.get('find') ?? '';
    if (this.#find !== find) {
      this.#find = find;
      this.#kept.find(find);
    }
  }

  /** @param {string | null} start */
  #open(start) {
    this.#kept.clear();
    this.#parsed.clear();
    this.#tail = this.#wanted === 0;
    this.#left = 0;
    if (start === null) {
      const probe = this.#streamFrom(-1, () => {
        this.#start = Math.max(0, probe.log.head - RECENT + 1);
        this.#pages.open(this.#streamFrom(this.#start));
      });
      this.#pages.open(probe);
    } else {
      this.#start = Number(start);
      this.#pages.open(this.#streamFrom(this.#start));
    }
  }

  /** @param {number} from @param {() => void} [onOpen] */
  #streamFrom(from, onOpen) {
    return new EventStream({
      query: this.#query,
      from,
      parses: false,
      onFrames: frames => this.#receive(frames),
      onState: state => (state.phase === 'open' && onOpen ? onOpen() : this.#redraw.soon()),
      onReset: () => this.#kept.clear(),
    });
  }

  /** @param {Row[]} frames */
  #receive(frames) {
    this.#kept.add(frames);
    if (this.#wanted && this.#kept.indexOf(this.#wanted) >= 0) {
      this.#show(this.#wanted);
      this.#wanted = 0;
    }
    if (!this.#tail && this.#kept.isFull) {
      this.#pages.pause(); // instead of dropping events that the user may be reading
    }
    this.#redraw.soon();
  }

  /** Whether it is paused because continuing would drop the oldest events. */
  get #isHeld() {
    return this.#pages.paused && !this.#tail && this.#kept.isFull;
  }

  /** @param {number} seq */
  async #show(seq) {
    this.requestUpdate();
    await this.updateComplete;
    await this.#list?.updateComplete;
    this.#list?.goTo(this.#kept.indexOf(seq));
  }

  render() {
    const state = this.#pages.stream?.state;
    return html`<div class="events">
      <h1 class="for-readers">Events</h1>
      <div class="toolbar">
        <button class=${this.#pages.paused ? 'main' : ''} @click=${this.#pause}>${this.#pages.paused ? 'Continue' : 'Pause'}</button>
        ${this.#startField(state)}
        ${this.#chips(state)}
        <span class="room"></span>
        <input id="find-events" type="search" aria-label="Search in the loaded events" placeholder="Search (/)"
          .value=${this.#find} @input=${this.#search} @keydown=${this.#searchKey}>
        <span class="copies" role="group" aria-label="Copy a program that reads these events">
          <span class="soft">Copy as</span>
          ${copyButton(() => curl(this.#source()), 'curl')}${copyButton(() => java(this.#source()), 'Java')}${copyButton(() => python(this.#source()), 'Python')}
        </span>
      </div>
      ${this.#adds ? html`<event-filter-form .query=${this.#query} .sample=${() => this.#sample()} @close=${() => this.#showForm(false)}
        @filter=${(/** @type {CustomEvent} */ event) => setQuery(event.detail)}></event-filter-form>` : nothing}
      ${this.#events(state)}
      ${this.#summary()}
    </div>`;
  }

  /** @param {import('../data/stream.js').StreamState | undefined} state */
  #startField(state) {
    const start = this.route?.query.get('start_seq') ?? '';
    const asks = this.#asksStart || !['', '0', '-1'].includes(start);
    return html`<label class="start">From
        <select aria-label="Where to start" @change=${this.#chooseStart}>
          ${[['', `the newest ${amount(RECENT)}`], ['-1', 'now'], ['0', 'the beginning'], ['seq', 'a sequence']].map(([value, label]) =>
            html`<option value=${value}
              .selected=${asks ? value === 'seq' : value === start}>${label}</option>`)}
        </select>
      </label>
      ${asks ? html`<input class="sequence" inputmode="numeric" aria-label="First sequence" placeholder="Sequence" .value=${start} @change=${this.#setStart}>` : nothing}
      ${this.#faults(state, 'start_seq')}`;
  }

  /** @param {import('../data/stream.js').StreamState | undefined} state */
  #chips(state) {
    return html`<div class="chips">
      ${chipsOf(this.#query).map(({name, label, value, index}) => html`<span class="chip">
          <span title=${line(value, 1_000)}>${line(label, 60)}: <bdi>${line(value, 120)}</bdi></span>
          <button aria-label="Remove the filter ${line(label, 60)} ${line(value, 60)}" @click=${() => this.#remove(name, index)}>✕</button>
        </span>${this.#faults(state, name, index)}`)}
      <button aria-expanded=${this.#adds} @click=${() => this.#showForm(!this.#adds)}>Add filter</button>
      ${state?.phase === 'refused' && !state.faults?.length ? html`<span class="fault" role="alert">${line(state.error ?? '', 300)}</span>` : nothing}
    </div>`;
  }

  /** The server's errors for a filter. @param {import('../data/stream.js').StreamState | undefined} state @param {string} name @param {number} [index] */
  #faults(state, name, index = 0) {
    const own = state?.phase === 'refused' ? state.faults ?? [] : [];
    return own
      .filter(({loc}) => String(loc?.[1]) === name.replace(/\[.*/, '') && (name !== TYPES || loc[2] === index))
      .map(({msg}) => html`<span class="fault" role="alert">${line(msg, 160)}</span>`);
  }

  /** @param {import('../data/stream.js').StreamState | undefined} state */
  #events(state) {
    const {rows, all, isSearching} = this.#kept;
    if (!rows.length) {
      return this.#nothing(state, all.length > 0, isSearching);
    }
    const pattern = patternOf(this.#find);
    return html`<virtual-list class=${narrow.matches ? 'narrow' : ''} role="treegrid" aria-label="Events"
        .rows=${rows} .rowHeight=${narrow.matches ? 52 : 30} .keyOf=${seqOf} .indexOf=${this.#indexOf} .tail=${this.#tail}
        .renderRow=${(/** @type {Row} */ row) => eventRow(row.seq, this.#kept.words(row), pattern)}
        .opened=${this.#opened} .renderDetail=${(/** @type {Row} */ row) => eventDetail(this.#event(row), row.text, this.#find)}
        .header=${html`<div role="row" class="columns">${COLUMNS.map(name => html`<span role="columnheader">${name}</span>`)}</div>`}
        .onActivate=${this.#toggle} @tail=${(/** @type {CustomEvent} */ event) => this.#stick(event.detail)}></virtual-list>`;
  }

  #indexOf = (/** @type {number} */ seq) => this.#kept.indexOf(seq);

  /** @param {import('../data/stream.js').StreamState | undefined} state @param {boolean} hasOthers @param {boolean} searches */
  #nothing(state, hasOthers, searches) {
    if (searches) {
      return html`<p class="loading">Searching…</p>`;
    } else if (hasOthers) {
      return emptyState('Nothing found', `None of the ${amount(this.#kept.all.length)} loaded events contains this text.`);
    } else if (state?.phase === 'connecting') {
      return html`<p class="loading">Loading…</p>`;
    } else if (state?.phase === 'refused') {
      return emptyState('The server refused this request', state.faults?.length ? 'Correct the filter marked above.' : nothing);
    }
    const isRecent = this.route?.query.get('start_seq') === null;
    return emptyState(
      isRecent && this.#start > 1 ? `None of the newest ${amount(RECENT)} events matches` : 'No events yet',
      html`New events appear here automatically. ${isRecent && this.#start > 1 ? html`<button @click=${() => setQuery({start_seq: 0})}>Search all events</button>` : nothing}`,
    );
  }

  #summary() {
    const {all, found, dropped, isSearching} = this.#kept;
    const last = all.at(-1)?.seq ?? 0;
    const fresh = this.#tail || !this.#left ? 0 : this.#kept.rows.length - this.#kept.rowsUpTo(this.#left);
    return html`<div class="summary">
      <span>${found ? `${amount(found.length)} of ` : ''}${amount(all.length)} ${all.length === 1 ? 'event' : 'events'}${isSearching ? ', searching…' : ''}</span>
      ${this.#isHeld ? html`<span>Paused: the page is full. Continuing drops the oldest events.</span>` : nothing}
      ${dropped ? html`<span class="dropped">Dropped the oldest ${amount(dropped)}: the page keeps the newest ${amount(Math.min(MOST_EVENTS, all.length))}.</span>` : nothing}
      <span class="room"></span>
      ${this.#tail || !last ? nothing : html`<button class="main" @click=${() => this.#stick(true)}>${fresh ? `${amount(fresh)} new, jump to newest` : 'Jump to newest'}</button>`}
    </div>`;
  }

  /** @param {Row} row */
  #event(row) {
    let event = this.#parsed.get(row.seq);
    if (!event) {
      event = parseExact(row.text);
      this.#parsed.set(row.seq, event);
    }
    return event;
  }

  /** @returns {any[]} */
  #sample() {
    return this.#kept.all.slice(-SAMPLE).map(row => JSON.parse(row.text));
  }

  #source() {
    const server = new URL('.', document.baseURI).href.replace(/\/$/, '');
    return {server, query: this.#query, start: this.#start, needsKey: session.key !== ''};
  }

  #toggle = (/** @type {Row} */ {seq}) => {
    const open = this.#opened.has(seq) ? [...this.#opened].filter(one => one !== seq) : [...this.#opened, seq].slice(-MOST_OPEN);
    this.#parsed.delete(seq);
    this.#stick(false); // or newer events would push the opened one out of view
    setQuery({open: open.map(String)});
  };

  /** @param {string} name @param {number} index */
  #remove(name, index) {
    setQuery({[name]: [this.#query[name]].flat().filter((_, i) => i !== index)});
  }

  /** @param {boolean} adds */
  #showForm(adds) {
    this.#adds = adds;
    this.requestUpdate();
  }

  /** @param {Event} event */
  #chooseStart(event) {
    const {value} = /** @type {HTMLSelectElement} */ (event.target);
    this.#asksStart = value === 'seq';
    if (this.#asksStart) {
      this.requestUpdate();
      this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('.sequence'))?.focus());
    } else {
      setQuery({start_seq: value});
    }
  }

  /** @param {Event} event */
  #setStart(event) {
    this.#asksStart = false;
    setQuery({start_seq: /** @type {HTMLInputElement} */ (event.target).value.trim()});
  }

  /** @param {Event} event */
  #search(event) {
    const {value} = /** @type {HTMLInputElement} */ (event.target);
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => setQuery({find: value}), 200);
  }

  /** @param {KeyboardEvent} event */
  #searchKey(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      clearTimeout(this.#typing);
      const input = /** @type {HTMLInputElement} */ (event.target);
      input.value = '';
      input.blur();
      setQuery({find: null});
    }
  }

  #pause() {
    if (this.#isHeld) {
      this.#stick(true);
    } else if (this.#pages.paused) {
      this.#pages.resume();
    } else {
      this.#pages.pause();
    }
    announce(this.#pages.paused ? 'Paused' : 'Continued');
    this.requestUpdate();
  }

  /** @param {boolean} tail whether to stay at the end */
  #stick(tail) {
    if (this.#tail && !tail) {
      this.#left = this.#kept.all.at(-1)?.seq ?? 0;
    } else if (tail && this.#isHeld) {
      this.#pages.resume();
    }
    this.#tail = tail;
    this.requestUpdate();
  }
}

/** @param {Row} row */
function seqOf(row) {
  return row.seq;
}

customElements.define('events-view', EventsView);
