// @ts-check
// Polls the server, for views of data that no stream carries.

import {ApiError} from '../data/api.js';
import {connection} from './page.js';

/** @typedef {import('lit').ReactiveController} ReactiveController */

/** The maximum share of time spent on requests: a slow server is polled less often. */
const SHARE = 0.1;

/**
 * Runs a task at once and then at an interval, while its view is on the page and the page is visible. The header shows
 * whether it succeeds.
 * @implements {ReactiveController}
 */
export class Poll {
  #host;
  #task;
  #every;
  #timer = 0;
  /** @type {AbortController | null} */
  #abort = null;
  #visibility = () => {
    if (!document.hidden) {
      this.now();
    }
  };

  /** The error of the last run; null if it succeeded. @type {Error | null} */
  error = null;

  /** Time of the last successful run, in ms since 1970; 0 if there is none. */
  at = 0;

  /**
   * @param {import('lit').ReactiveElement} host rendered again after each run
   * @param {(signal: AbortSignal) => Promise<void>} task
   * @param {number} every in ms
   */
  constructor(host, task, every) {
    this.#host = host;
    this.#task = task;
    this.#every = every;
    host.addController(this);
  }

  hostConnected() {
    document.addEventListener('visibilitychange', this.#visibility);
    this.now();
  }

  hostDisconnected() {
    document.removeEventListener('visibilitychange', this.#visibility);
    this.#cutOff();
    connection.show(null);
  }

  /** Runs the task now. Aborts a run in progress. */
  async now() {
    this.#cutOff();
    const abort = new AbortController();
    this.#abort = abort;
    const begun = performance.now();
    let error = null;
    try {
      await this.#task(abort.signal);
    } catch (caught) {
      error = /** @type {Error} */ (caught);
    }
    if (this.#abort !== abort) {
      return;
    }
    this.error = error;
    this.at = error ? this.at : Date.now();
    this.#timer = setTimeout(() => this.#due(), Math.max(this.#every, (performance.now() - begun) / SHARE));
    this.#show(error);
    this.#host.requestUpdate();
  }

  #due() {
    if (!document.hidden) {
      this.now();
    }
  }

  #cutOff() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  /** @param {Error | null} error */
  #show(error) {
    const status = error instanceof ApiError ? error.status : -1;
    const phase = status === 0 || status >= 500 ? 'lost' : status === 401 || status === 403 ? 'refused' : 'open';
    const before = connection.state;
    connection.show({phase, since: before?.phase === phase ? before.since : Date.now(), error: error?.message});
  }
}
