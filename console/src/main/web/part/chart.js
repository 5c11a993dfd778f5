// @ts-check
// A chart of values over time: a thin wrapper around uPlot, which is loaded with the first chart. Line colours come
// from the legend, so they follow the theme. The legend also shows the values under the pointer.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {shortTime} from '../data/format.js';

/** @typedef {(number | null)[]} Values */

const KINDS = ['first', 'second', 'third'];
const DASHES = [undefined, [6, 4], [2, 3]];
const FONT = '12px system-ui, sans-serif';
const DAY = 86_400;

/** Heights of the time axis with one and with two lines of labels. */
const ONE_LINE = 24;
const TWO_LINES = 40;

/** Distances between the grid lines of a chart of bytes: powers of 2, as it is labelled in KiB, MiB and so on. */
const BINARY = Array.from({length: 50}, (_, i) => 2 ** i);

/** With fewer values than this, each one is marked, to show that nothing is known between them. */
const MARKED = 60;

const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const seconds = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
const day = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'});

/** The URL of a uPlot file. @param {string} name */
function file(name) {
  const frame = /** @type {HTMLElement} */ (document.querySelector('galerne-console'));
  return new URL(`${frame.dataset.base}/vendor/uplot/dist/${name}`, document.baseURI).href;
}

/** uPlot is a classic script and cannot be imported, so Trusted Types require a policy for its URL. */
const script = () => file('uPlot.iife.min.js');
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('galerne-chart', {createScriptURL: script});

/** @type {Promise<any> | undefined} */
let library;

async function loadLibrary() {
  const code = document.createElement('script');
  code.src = policy ? policy.createScriptURL('') : script();
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = file('uPlot.min.css');
  await Promise.all([loaded(style), loaded(code)]);
  return /** @type {any} */ (globalThis).uPlot;
}

/** @param {HTMLElement} element */
function loaded(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject(new Error('Cannot load the chart'));
    document.head.append(element);
  });
}

/**
 * @property {string} label title of the chart
 * @property {string[]} series names of the lines, at most three
 * @property {[number[], ...Values[]]} data times in seconds since 1970, then the values of each line
 * @property {[number, number]} span start and end of the time axis
 * @property {(value: number) => string} format
 * @property {boolean} binary whether the values are bytes
 * @property {boolean} tabular whether to offer the values as a table
 */
class GalerneChart extends Element {
  static properties = {
    label: {},
    series: {attribute: false},
    data: {attribute: false},
    span: {attribute: false},
    format: {attribute: false},
    binary: {type: Boolean},
    tabular: {type: Boolean},
  };

  /** @type {any} */
  #plot = null;
  /** Index of the value under the pointer. @type {number | null} */
  #at = null;
  #fault = '';
  #resized = new ResizeObserver(() => this.#resize());
  #themed = new MutationObserver(() => this.#plot?.redraw());
  #system = matchMedia('(prefers-color-scheme: dark)');
  #systemChanged = () => this.#plot?.redraw();

  constructor() {
    super();
    this.label = '';
    /** @type {string[]} */
    this.series = [];
    /** @type {[number[], ...Values[]]} */
    this.data = [[]];
    /** @type {[number, number]} */
    this.span = [0, 1];
    /** @type {(value: number) => string} */
    this.format = String;
    this.binary = false;
    this.tabular = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#themed.observe(document.documentElement, {attributeFilter: ['data-theme']});
    this.#system.addEventListener('change', this.#systemChanged);
    this.updateComplete.then(() => this.#draw());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#themed.disconnect();
    this.#resized.disconnect();
    this.#system.removeEventListener('change', this.#systemChanged);
    this.#plot?.destroy();
    this.#plot = null;
  }

  async #draw() {
    try {
      library ??= loadLibrary();
      const uPlot = await library;
      const place = this.#place();
      if (this.isConnected && place && !this.#plot) {
        this.#plot = new uPlot(this.#options(place), this.data, place);
        this.#resized.observe(place);
      }
    } catch (error) {
      library = undefined; // retried with the next chart
      this.#fault = /** @type {Error} */ (error).message;
      this.requestUpdate();
    }
  }

  #place() {
    return /** @type {HTMLElement | null} */ (this.querySelector('.plot'));
  }

  #resize() {
    const width = this.#place()?.clientWidth;
    if (width && width !== this.#plot?.width) {
      this.#plot?.setSize({width, height: this.#plot.height});
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('data') || changed.has('span')) {
      this.#plot?.setData(this.data);
    }
  }

  /** @param {HTMLElement} place */
  #options(place) {
    const text = () => getComputedStyle(place).color;
    const line = () => getComputedStyle(place).borderTopColor;
    const axis = {stroke: text, font: FONT, ticks: {stroke: line, width: 1, size: 4}};
    return {
      width: place.clientWidth,
      height: place.clientHeight,
      legend: {show: false},
      cursor: {y: false, drag: {x: false, y: false}},
      scales: {
        x: {range: () => this.span},
        y: {range: (/** @type {any} */ _, /** @type {number} */ _min, /** @type {number} */ max) => [0, max > 0 ? max * 1.1 : 1]},
      },
      axes: [
        {
          ...axis,
          grid: {show: false},
          space: 70,
          size: (/** @type {any} */ _, /** @type {string[] | null} */ labels) => (labels?.some(label => label.includes('\n')) ? TWO_LINES : ONE_LINE),
          values: times,
        },
        {
          ...axis,
          grid: {stroke: line, width: 1},
          space: 32,
          ...(this.binary ? {incrs: BINARY} : {}),
          size: (/** @type {any} */ _, /** @type {string[] | null} */ values) => 16 + 7 * Math.max(3, ...(values ?? []).map(value => value?.length ?? 0)),
          values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(value => this.format(value)),
        },
      ],
      series: [{}, ...this.series.map((label, i) => this.#line(label, i))],
      hooks: {setCursor: [(/** @type {any} */ plot) => this.#pointed(plot.cursor.idx)]},
    };
  }

  /** @param {string} label @param {number} i */
  #line(label, i) {
    const colour = () => getComputedStyle(/** @type {HTMLElement} */ (this.querySelector(`.line.${KINDS[i]}`))).color;
    const points = {show: (/** @type {any} */ plot) => plot.data[0].length < MARKED, size: 5, fill: colour};
    return {label, stroke: colour, width: 2, dash: DASHES[i], points};
  }

  /** @param {number | null | undefined} index */
  #pointed(index) {
    if (this.#at !== (index ?? null)) {
      this.#at = index ?? null;
      this.requestUpdate();
    }
  }

  render() {
    const last = this.data[0].length - 1;
    const at = Math.min(this.#at ?? last, last);
    return html`<figure class="chart panel">
      <figcaption>
        <h3>${this.label}</h3>
        <span class="legend">${this.series.map((name, i) => html`<span><span class="line ${KINDS[i]}"></span> ${name} <b>${this.#value(i, at)}</b></span>`)}
          ${this.#at === null || at < 0 ? nothing : html`<span>${shortTime(this.data[0][at] * 1000)}</span>`}</span>
      </figcaption>
      <div class="plot" role="img" aria-label=${this.#inWords()}></div>
      ${this.#fault ? html`<p class="hint">${this.#fault}</p>` : nothing}
      ${this.tabular && last >= 0 ? this.#table() : nothing}
    </figure>`;
  }

  /** @param {number} line @param {number} at */
  #value(line, at) {
    const value = this.data[line + 1]?.[at];
    return value === null || value === undefined ? '–' : this.format(value);
  }

  #inWords() {
    const lines = this.series.map((name, i) => {
      const known = /** @type {number[]} */ ((this.data[i + 1] ?? []).filter(value => value !== null));
      return known.length
        ? `${name}: ${this.format(Math.min(...known))} to ${this.format(Math.max(...known))}, now ${this.format(known[known.length - 1])}`
        : `${name}: no values yet`;
    });
    return `Chart of ${this.label}. ${lines.join('. ')}.`;
  }

  #table() {
    return html`<details>
      <summary>Values</summary>
      <div tabindex="0" role="region" aria-label="Values of ${this.label}"><table>
        <thead><tr><th>From</th>${this.series.map(name => html`<th class="number">${name}</th>`)}</tr></thead>
        <tbody>${this.data[0].map((time, at) => html`<tr>
          <td>${shortTime(time * 1000)}</td>${this.series.map((_, i) => html`<td class="number">${this.#value(i, at)}</td>`)}
        </tr>`)}</tbody>
      </table></div>
    </details>`;
  }
}

/**
 * Labels of the time axis. Unless all times are today, the first label and each new day also show the date.
 * @param {any} _plot @param {number[]} splits @param {number} _axis @param {number} _space @param {number} step
 */
function times(_plot, splits, _axis, _space, step) {
  const [first, last] = [splits[0], splits[splits.length - 1]].map(time => day.format(time * 1000));
  let before = first === last && first === day.format(Date.now()) ? first : '';
  return splits.map(time => {
    const date = day.format(time * 1000);
    const isNew = date !== before;
    before = date;
    if (step >= DAY) {
      return date;
    }
    const label = (step < 60 ? seconds : clock).format(time * 1000);
    return isNew ? `${label}\n${date}` : label;
  });
}

customElements.define('galerne-chart', GalerneChart);
