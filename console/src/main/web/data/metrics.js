// @ts-check
// The server's metrics at one moment: the text of `/metrics` in the Prometheus format.

/** @typedef {{labels: Record<string, string>, value: number}} Sample */

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export class Figures {
  /** @type {Map<string, Sample[]>} */
  #samples = new Map();

  /** @param {string} text @param {number} time when it was requested, in ms since 1970 */
  constructor(text, time) {
    this.time = time;
    for (const line of text.split('\n')) {
      const [, name, labels = '', value] = LINE.exec(line) ?? [];
      if (name) {
        const samples = this.#samples.get(name) ?? [];
        samples.push({labels: readLabels(labels), value: number(value)});
        this.#samples.set(name, samples);
      }
    }
  }

  /** @param {string} name @returns {Sample[]} empty if the server does not have the metric */
  samples(name) {
    return this.#samples.get(name) ?? [];
  }

  /** @param {string} name @returns {number} NaN if the server does not have the metric */
  value(name) {
    return this.#samples.get(name)?.[0].value ?? NaN;
  }

  /**
   * The growth of a counter per second.
   * @param {string} name @param {Figures | undefined} before
   * @returns {number | null} null if unknown, for example after a restart
   */
  rate(name, before) {
    const grown = before ? this.value(name) - before.value(name) : NaN;
    const took = before ? (this.time - before.time) / 1000 : 0;
    return grown >= 0 && took > 0 ? grown / took : null;
  }

  /**
   * A quantile of the values that a histogram has recorded since `before`.
   * @param {string} name @param {number} share such as 0.99 @param {Figures | undefined} before undefined: since the start
   * @returns {number | null} null if there are none
   */
  quantile(name, share, before) {
    const earlier = before?.samples(`${name}_bucket`) ?? [];
    const buckets = this.samples(`${name}_bucket`).map(({labels, value}, i) => ({
      most: number(labels.le),
      count: value - (earlier[i]?.value ?? 0),
    }));
    const total = buckets.at(-1)?.count ?? 0;
    if (!(total > 0)) {
      return null;
    }
    const i = buckets.findIndex(({count}) => count >= share * total);
    const least = buckets[i - 1] ?? {most: 0, count: 0};
    if (buckets[i].most === Infinity) {
      return least.most; // at least
    }
    return least.most + ((buckets[i].most - least.most) * (share * total - least.count)) / (buckets[i].count - least.count);
  }
}

/** @param {string} text */
function number(text) {
  return text === '+Inf' ? Infinity : Number(text);
}

/** @param {string} text */
function readLabels(text) {
  /** @type {Record<string, string>} */
  const labels = {};
  for (const [, name, value] of text.matchAll(LABEL)) {
    labels[name] = value.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char));
  }
  return labels;
}
