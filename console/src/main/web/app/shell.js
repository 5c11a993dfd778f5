// @ts-check
// The frame of the page: navigation, connection state, keys, theme and help, around one view.

import {html, nothing} from 'lit';
import {keyed} from 'lit/directives/keyed.js';
import {session} from '../data/api.js';
import {dataKeys} from '../data/cipher.js';
import {duration} from '../data/format.js';
import {Element} from './element.js';
import {Shortcuts, shortcuts} from './keyboard.js';
import {Redraw, connection, theme} from './page.js';
import {currentRoute, go, href, onRoute} from './route.js';
import './dialogs.js';
import '../view/runs-view.js';

/** The views, by the first segment of the route. All but the default one are loaded on demand. */
const VIEWS = /** @type {Record<string, {title: string, load: () => Promise<unknown>, view: (route: any) => unknown}>} */ ({
  runs: {title: 'Runs', load: async () => {}, view: route => html`<runs-view .route=${route}></runs-view>`},
  run: {title: 'Run', load: () => import('../view/run-view.js'), view: route => html`${keyed(route.id, html`<run-view .route=${route}></run-view>`)}`},
  compare: {title: 'Compare', load: () => import('../view/compare-view.js'), view: route => html`<compare-view .route=${route}></compare-view>`},
  events: {title: 'Events', load: () => import('../view/events-view.js'), view: route => html`<events-view .route=${route}></events-view>`},
  workflows: {title: 'Workflows', load: () => import('../view/workflows-view.js'), view: route => html`<workflows-view .route=${route}></workflows-view>`},
  server: {title: 'Server', load: () => import('../view/server-view.js'), view: route => html`<server-view .route=${route}></server-view>`},
});

/** @param {import('./route.js').Route} route */
function viewOf({view}) {
  return Object.hasOwn(VIEWS, view) ? VIEWS[view] : undefined;
}

const MENU = ['runs', 'events', 'workflows', 'server'];

class GalerneConsole extends Element {
  #route = currentRoute();
  #loaded = '';
  #redraw = new Redraw(this, () => connection.state?.phase === 'lost');
  #offRoute = () => {};
  #changed = () => this.#redraw.soon();
  #refused = () => {
    this.#redraw.soon();
    this.#dialog('key-dialog')?.open();
  };
  #keyChanged = () => this.#redraw.soon();

  constructor() {
    super();
    new Shortcuts(this, [
      {keys: ['?'], what: 'Show this help', run: () => this.#dialog('help-dialog')?.open(shortcuts())},
      ...MENU.map((view, i) => ({keys: [String(i + 1)], what: `Go to ${VIEWS[view].title}`, run: () => go(view)})),
    ]);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#offRoute = onRoute(route => this.#show(route));
    connection.addEventListener('change', this.#changed);
    session.addEventListener('refused', this.#refused);
    session.addEventListener('change', this.#keyChanged);
    this.#show(this.#route);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#offRoute();
    connection.removeEventListener('change', this.#changed);
    session.removeEventListener('refused', this.#refused);
    session.removeEventListener('change', this.#keyChanged);
  }

  /** @param {string} name @returns {any} */
  #dialog(name) {
    return this.querySelector(name);
  }

  /** @param {import('./route.js').Route} route */
  async #show(route) {
    this.#route = route;
    const known = viewOf(route);
    document.title = known ? `${route.id || known.title} · Galerne` : 'Galerne';
    if (known && this.#loaded !== route.view) {
      await known.load();
    }
    if (this.#route === route) {
      this.#loaded = route.view;
      this.requestUpdate();
    }
  }

  render() {
    return html`
      <a class="skip" href="#main" @click=${this.#skip}>Skip to content</a>
      <header class="bar">
        <a class="brand" href=${href('runs')} aria-label="Galerne, runs">
          <img src="${this.dataset.base}/icon.svg" alt="" width="22" height="22"><span>Galerne</span>
        </a>
        <nav aria-label="Views">${MENU.map(
          view => html`<a href=${href(view)} aria-current=${this.#isIn(view) ? 'page' : 'false'}>${VIEWS[view].title}</a>`,
        )}</nav>
        <span class="room"></span>
        ${this.#connection()}
        <button class="quiet" title="API key and data keys" aria-label="Keys" @click=${() => this.#dialog('key-dialog')?.open()}>
          <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.5"><circle cx="4.5" cy="8" r="3"/><path d="M7.5 8H15v3.5M12 8v2.5"/></svg>${session.key || dataKeys.isSet ? html`<span class="dot" title="A key is set"></span>` : nothing}
        </button>
        <button class="quiet" title="Theme: ${theme.value || 'system'}" aria-label="Change the theme" @click=${this.#nextTheme}>
          <span aria-hidden="true">${{light: '☀', dark: '☾'}[theme.value] ?? '◑'}</span>
        </button>
        <button class="quiet" title="Keyboard shortcuts (?)" aria-label="Help" @click=${() => this.#dialog('help-dialog')?.open(shortcuts())}>
          <span aria-hidden="true">?</span>
        </button>
      </header>
      <main id="main" tabindex="-1">${this.#view()}</main>
      <key-dialog></key-dialog>
      <help-dialog></help-dialog>
      <div id="announcements" class="for-readers" role="status"></div>`;
  }

  /** @param {string} view */
  #isIn(view) {
    return view === this.#route.view || (view === 'runs' && ['run', 'compare'].includes(this.#route.view));
  }

  /** @param {Event} event */
  #skip(event) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.querySelector('#main'))?.focus();
  }

  #view() {
    const known = viewOf(this.#route);
    if (!known) {
      return html`<div class="empty"><h1 class="title">Page not found</h1><p><a href=${href('runs')}>All runs</a></p></div>`;
    }
    // Another key may belong to another namespace: render everything again.
    return this.#loaded === this.#route.view ? keyed(session.key, known.view(this.#route)) : html`<p class="loading">Loading…</p>`;
  }

  #connection() {
    const state = connection.state;
    if (!state) {
      return nothing;
    }
    const [kind, text] = {
      connecting: ['waiting', 'Connecting…'],
      open: ['completed', 'Live'],
      lost: ['failed', `Disconnected for ${duration(Date.now() - state.since)}`],
      refused: ['failed', 'Refused'],
      ended: ['continued', 'Ended'],
      paused: ['canceled', 'Paused'],
    }[state.phase];
    return html`<span class="connection ${kind}" role="status" title=${state.error ?? ''}><span class="dot"></span>${text}</span>`;
  }

  #nextTheme() {
    theme.use({'': 'light', light: 'dark', dark: ''}[theme.value] ?? '');
    this.requestUpdate();
  }
}

customElements.define('galerne-console', GalerneConsole);
