// @ts-check
// The server's health, its log, its readers, rates and latencies.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {Shortcuts} from '../app/keyboard.js';
import {Poll} from '../app/poll.js';
import {currentRoute} from '../app/route.js';
import {ApiError, get, request} from '../data/api.js';
import {amount, duration, size} from '../data/format.js';
import {Figures} from '../data/metrics.js';
import {figure} from '../part/figure.js';
import {errorState, timeOf} from '../part/small.js';
import {FiguresHistory} from './server-history.js';
import {requestTable} from './server-requests.js';
import '../part/chart.js';

const EVERY = 2_000;

/** Minimum time range of the charts, in ms. */
const SHORTEST = 2 * 60_000;

/** Kept while other views are shown, so the charts continue after a gap. */
const history = new FiguresHistory();

class ServerView extends Element {
  static properties = {route: {attribute: false}};

  #poll = new Poll(this, signal => this.#load(signal), EVERY);
  /** @type {{ready: boolean, detail: string} | null} */
  #health = null;
  /** The reason why there are no metrics; '' if there are some. */
  #withheld = '';

  constructor() {
    super();
    this.route = currentRoute();
    new Shortcuts(this, [{keys: ['r'], what: 'Refresh', run: () => this.#poll.now()}]);
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    try {
      const [health, figures] = await Promise.all([askHealth(signal), askFigures(signal)]);
      signal.throwIfAborted();
      this.#health = health;
      this.#withheld = typeof figures === 'string' ? figures : '';
      if (typeof figures !== 'string') {
        history.add(figures);
      }
    } catch (error) {
      if (!signal.aborted) {
        history.addGap(Date.now());
      }
      throw error;
    }
  }

  render() {
    const {error} = this.#poll;
    if (!this.#health) {
      return error ? errorState(error, () => this.#poll.now()) : html`<p class="loading">Loading…</p>`;
    }
    const figures = history.last;
    return html`<div class="server">
      <h1 class="for-readers">Server</h1>
      ${this.#banner(this.#health, error)}
      ${this.#withheld ? html`<p class="hint">${this.#withheld}</p>` : nothing}
      ${figures ? [this.#log(figures), this.#node(figures), this.#charts(figures), requestTable(figures)] : nothing}
    </div>`;
  }

  /** @param {{ready: boolean, detail: string}} health @param {Error | null} error */
  #banner({ready, detail}, error) {
    const [kind, sign, title] = error
      ? ['lost', '✕', error.message]
      : ready
        ? ['ready', '✓', 'Ready']
        : ['unready', '!', 'Not ready'];
    const {labels} = history.last?.samples('galerne_info')[0] ?? {};
    return html`<section class="health panel ${kind}" aria-label="Health">
      <p class="title" role="status"><span aria-hidden="true">${sign}</span> <span>${title}</span></p>
      <p>${error ? html`Last updated ${timeOf(this.#poll.at)}.` : detail}</p>
      ${labels ? html`<dl><dt>Version</dt><dd>${labels.version}</dd><dt>Log</dt><dd>${engineWord(labels.engine)}</dd></dl>` : nothing}
    </section>`;
  }

  /** @param {Figures} figures */
  #log(figures) {
    const [head, oldest] = ['head', 'oldest'].map(name => figures.value(`galerne_log_${name}`));
    const [live, behind, lag] = ['live', 'behind', 'lag'].map(name => figures.value(`galerne_readers_${name}`));
    const pending = figures.value('galerne_log_pending_events');
    const bytes = figures.value('galerne_log_bytes');
    const isEmpty = head < oldest;
    return html`<dl class="figures">
      ${figure('Head', amount(head), 'newest sequence')}
      ${figure('Oldest', isEmpty ? '–' : amount(oldest), isEmpty ? 'the log is empty' : `${amount(head - oldest + 1)} sequences stored`)}
      ${figure('Size', isEmpty || bytes ? size(bytes) : '–', isEmpty || bytes ? 'of the stored events' : 'counted twice a minute')}
      ${figure('Not yet durable', amount(pending), 'events')}
      ${figure('Live readers', amount(live), 'waiting for new events')}
      ${figure('Readers behind', amount(behind), behind ? `up to ${amount(lag)} sequences` : 'all caught up', behind ? 'waiting' : '')}
    </dl>`;
  }

  /** How much of the cluster's stream this node has applied. @param {Figures} figures */
  #node(figures) {
    const [head, applied] = ['head', 'applied'].map(name => figures.value(`galerne_stream_${name}`));
    if (Number.isNaN(head)) {
      return nothing;
    }
    const left = Math.max(0, head - applied);
    return html`<section class="node panel">
      <h2>This node</h2>
      <p>${left === 0 ? 'Up to date with the cluster.' : html`<b>${amount(left)}</b> messages behind the cluster.`}</p>
      <progress max=${Math.max(1, head)} value=${applied} aria-label="Applied messages of the stream"></progress>
      <p class="hint">${amount(applied)} of ${amount(head)} messages of the NATS stream applied. A message contains one or more events.</p>
    </section>`;
  }

  /** @param {Figures} figures */
  #charts(figures) {
    const end = history.end / 1000;
    const span = /** @type {[number, number]} */ ([Math.min(history.events[0][0], end - SHORTEST / 1000), end]);
    const chart = (/** @type {string} */ label, /** @type {string[]} */ series, /** @type {any} */ data, /** @type {any} */ format, binary = false) =>
      html`<galerne-chart .label=${label} .series=${series} .data=${data} .span=${span} .format=${format} .binary=${binary}></galerne-chart>`;
    return html`<h2 class="for-readers">Rates and latencies</h2>
      <div class="charts">
      ${chart('Events per second', ['published', 'delivered'], history.events, rate)}
      ${chart('Bytes per second', ['published', 'delivered'], history.bytes, size, true)}
      ${chart('Commit latency', ['median', 'p99'], history.commits, precise)}
      ${chart('Delivery latency', ['median', 'p99'], history.deliveries, precise)}
    </div>
    <p class="hint">Latencies of the last 30 seconds: from accepting the oldest event of a commit until the commit is durable, or until its frames are handed to the readers' sockets.
      Recent maximum: ${precise(figures.value('galerne_commit_latency_seconds_max') * 1000)} and ${precise(figures.value('galerne_delivery_latency_seconds_max') * 1000)}.</p>`;
  }
}

/** @param {string} engine */
function engineWord(engine) {
  return {embedded: 'in a folder of this server', jetstream: 'on a NATS cluster'}[engine] ?? engine;
}

/** @param {number} value */
function rate(value) {
  return value >= 100 || value === 0 ? amount(Math.round(value)) : value.toFixed(1);
}

/** A latency that may be far below a millisecond. @param {number} ms */
function precise(ms) {
  return ms > 0 && ms < 10 ? `${ms.toFixed(ms < 1 ? 2 : 1)} ms` : duration(ms);
}

/** @param {AbortSignal} signal */
async function askHealth(signal) {
  try {
    await get('/health/ready', {}, {signal});
    return {ready: true, detail: 'Accepts and delivers events.'};
  } catch (error) {
    if (error instanceof ApiError && error.status === 503) {
      return {ready: false, detail: error.message};
    }
    throw error;
  }
}

/** @param {AbortSignal} signal @returns {Promise<Figures | string>} or the reason why there are none */
async function askFigures(signal) {
  try {
    const time = Date.now();
    return new Figures(await (await request('/metrics', {}, {signal})).text(), time);
  } catch (error) {
    if (error instanceof ApiError && [401, 403, 404].includes(error.status)) {
      return 'This page may not read /metrics. Usually, a proxy blocks it.';
    }
    throw error;
  }
}

customElements.define('server-view', ServerView);
