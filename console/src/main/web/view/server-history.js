// @ts-check
import {Figures} from '../data/metrics.js';

/** The time range of the charts, in ms. */
const WINDOW = 10 * 60_000;

/** The time window of latencies, in ms. */
const LATENCY_OVER = 30_000;

/** A longer interval between two samples is a gap in the charts, in ms, as an average would hide what happened in it. */
const LONGEST_PAUSE = 20_000;

/** @typedef {(number | null)[]} Values */
/** @typedef {[number[], Values, Values]} Curves times in seconds since 1970, and two lines */

/** The metrics of the last minutes, as curves for the charts. */
export class FiguresHistory {
  /** @type {Figures[]} */
  #figures = [];

  /** The end of the charts, in ms since 1970. */
  end = 0;

  /** @type {Curves} */
  events = [[], [], []];
  /** @type {Curves} */
  bytes = [[], [], []];
  /** @type {Curves} in ms */
  commits = [[], [], []];
  /** @type {Curves} in ms */
  deliveries = [[], [], []];

  /** @returns {Figures | undefined} */
  get last() {
    return this.#figures.at(-1);
  }

  /** @param {Figures} figures newer than all others */
  add(figures) {
    const {time} = figures;
    let before = this.last;
    if (before && (time - before.time > LONGEST_PAUSE || isAfterRestart(figures, before))) {
      this.addGap(time - 1);
      this.#figures = [];
      before = undefined;
    }
    this.#figures.push(figures);
    const since = this.#figures.find(one => one.time >= time - LATENCY_OVER);
    const rates = (/** @type {string} */ what) => ['published', 'delivered'].map(verb => figures.rate(`galerne_${verb}_${what}_total`, before));
    const latencies = (/** @type {string} */ what) =>
      [0.5, 0.99].map(share => {
        const value = before ? figures.quantile(`galerne_${what}_latency_seconds`, share, since) : null;
        return value === null ? null : value * 1000;
      });
    this.#append(time, [rates('events'), rates('bytes'), latencies('commit'), latencies('delivery')]);
    this.#figures = this.#figures.filter(one => one === figures || one.time >= time - LATENCY_OVER);
  }

  /** Adds a gap to all curves. @param {number} time in ms since 1970 */
  addGap(time) {
    this.#append(time, Array.from({length: 4}, () => [null, null]));
  }

  /** @param {number} time @param {Values[]} values of each chart */
  #append(time, values) {
    this.end = Math.max(this.end, time);
    const oldest = (time - WINDOW) / 1000;
    const grown = [this.events, this.bytes, this.commits, this.deliveries].map((curves, i) => {
      const from = curves[0].findIndex(at => at >= oldest);
      const [times, one, other] = from < 0 ? [[], [], []] : curves.map(line => line.slice(from));
      return /** @type {Curves} */ ([[...times, time / 1000], [...one, values[i][0]], [...other, values[i][1]]]);
    });
    [this.events, this.bytes, this.commits, this.deliveries] = grown;
  }
}

/** @param {Figures} figures @param {Figures} before */
function isAfterRestart(figures, before) {
  const published = 'galerne_published_events_total';
  return figures.value(published) < before.value(published);
}
