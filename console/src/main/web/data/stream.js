// @ts-check
// An event stream that reconnects automatically and resumes after the last delivered event, so no event is lost or
// repeated. Uses `fetch`, as `EventSource` cannot send a key.

import {parseExact} from './json.js';
import {ApiError, request} from './api.js';

/**
 * @typedef {object} Frame
 * @property {number} seq `broker_sequence`
 * @property {string} text the raw stream event, one line of JSON
 * @property {any} event the parsed event; numbers that a double cannot represent are `ExactNumber`s
 */

/**
 * @typedef {object} StreamState
 * @property {'connecting' | 'open' | 'lost' | 'ended' | 'refused' | 'paused'} phase `refused`: the server
 *     rejects the request, and retrying would not help
 * @property {number} since when that began, in ms since 1970
 * @property {string} [error]
 * @property {import('./api.js').Fault[]} [faults] why it is refused, by parameter
 */

/** First and longest delay before reconnecting, in ms. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** The connection is considered lost if nothing, not even a keep-alive, arrives for this long. In ms. */
const LONGEST_SILENCE = 40_000;

/** Maximum number of frames delivered at a time, so a long replay does not freeze the page. */
const PORTION = 2_000;

export class EventStream {
  /** @type {AbortController | null} */
  #abort = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #silence = 0;
  #stopped = true;
  #wakes = () => {
    if (this.state.phase === 'lost') {
      this.#connect();
    }
  };

  /** @type {StreamState} */
  state = {phase: 'paused', since: Date.now()};

  /** The state of the log when the stream was opened. @type {{oldest: number, head: number, logId: string}} */
  log = {oldest: 0, head: 0, logId: ''};

  /** Sequence of the last delivered event. @type {number | null} */
  lastSeq = null;

  /**
   * @param {object} options
   * @param {string} [options.path]
   * @param {import('./api.js').Query} [options.query] filters; not `start_seq`
   * @param {number} [options.from] first sequence, inclusive; -1: only new events
   * @param {boolean} [options.parses] whether frames are parsed; otherwise `event` is undefined
   * @param {(frames: Frame[]) => void} options.onFrames
   * @param {(state: StreamState) => void} [options.onState]
   * @param {() => void} [options.onReset] the server has a different log (restored or emptied): discard everything, as the
   *     stream starts over at `from`
   */
  constructor({path = '/v1/workflows/events/stream', query = {}, from = 0, parses = true, onFrames, onState, onReset}) {
    this.path = path;
    this.query = query;
    this.from = from;
    this.parses = parses;
    this.onFrames = onFrames;
    this.onState = onState ?? (() => {});
    this.onReset = onReset ?? (() => {});
  }

  /** Opens the stream, or resumes it after `stop`. */
  start() {
    if (this.#stopped) {
      this.#stopped = false;
      window.addEventListener('online', this.#wakes);
      this.#connect();
    }
    return this;
  }

  /** Closes the stream. May be called at any time. */
  stop() {
    if (!this.#stopped) {
      this.#stopped = true;
      window.removeEventListener('online', this.#wakes);
      this.#cutOff();
      this.#become('paused');
    }
  }

  #cutOff() {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#abort?.abort();
    this.#abort = null;
  }

  /** @param {StreamState['phase']} phase @param {unknown} [cause] */
  #become(phase, cause) {
    const since = this.state.phase === phase ? this.state.since : Date.now();
    const error = cause instanceof Error ? cause.message : /** @type {string | undefined} */ (cause);
    this.state = {phase, since, error, faults: cause instanceof ApiError ? cause.faults : []};
    this.onState(this.state);
  }

  async #connect() {
    this.#cutOff();
    const abort = new AbortController();
    this.#abort = abort;
    if (this.state.phase !== 'lost') {
      this.#become('connecting');
    }
    try {
      this.#heard(abort);
      const response = await request(this.path, {...this.query, start_seq: this.from === 0 ? null : this.from}, {
        signal: abort.signal,
        headers: {accept: 'text/event-stream', ...(this.lastSeq === null ? {} : {'last-event-id': String(this.lastSeq)})},
      });
      this.#opened(response.headers);
      await this.#read(/** @type {ReadableStream<Uint8Array>} */ (response.body), abort);
      if (this.path.includes('/executions/')) {
        this.#become('ended');
        this.#cutOff();
      } else {
        this.#lost(abort, 'The server closed the stream');
      }
    } catch (error) {
      this.#lost(abort, error);
    }
  }

  /** @param {Headers} headers */
  #opened(headers) {
    const logId = headers.get('galerne-log-id') ?? '';
    if (this.log.logId && logId !== this.log.logId) {
      this.lastSeq = null;
      this.log.logId = '';
      this.onReset();
      throw new ApiError(0, 'The server has a different log now');
    }
    this.log = {
      oldest: Number(headers.get('galerne-oldest-sequence')),
      head: Number(headers.get('galerne-head-sequence')),
      logId,
    };
    if (this.from < 0 && this.lastSeq === null) {
      this.lastSeq = this.log.head; // resumes here if the connection is lost before the first event
    }
    this.#wait = FIRST_WAIT;
    this.#become('open');
  }

  /** @param {AbortController} abort */
  #heard(abort) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      abort.abort();
      this.#lost(abort, 'The server has been silent for too long');
    }, LONGEST_SILENCE);
  }

  /** @param {ReadableStream<Uint8Array>} body @param {AbortController} abort */
  async #read(body, abort) {
    const reader = body.pipeThrough(/** @type {ReadableWritablePair<string, any>} */ (new TextDecoderStream())).getReader();
    let rest = '';
    for (;;) {
      const {done, value} = await reader.read();
      if (done || abort.signal.aborted) {
        return; // `rest` is incomplete
      }
      this.#heard(abort);
      const text = rest + value;
      const end = text.lastIndexOf('\n\n');
      rest = end < 0 ? text : text.slice(end + 2);
      if (end >= 0) {
        await this.#handOver(text.slice(0, end).split('\n\n'), abort);
      }
    }
  }

  /** @param {string[]} blocks @param {AbortController} abort */
  async #handOver(blocks, abort) {
    for (let from = 0; from < blocks.length && !abort.signal.aborted; from += PORTION) {
      const frames = [];
      for (const block of blocks.slice(from, from + PORTION)) {
        const frame = this.#frame(block);
        if (frame) {
          frames.push(frame);
        }
      }
      if (frames.length) {
        this.lastSeq = frames[frames.length - 1].seq;
        this.onFrames(frames);
      }
      if (from + PORTION < blocks.length) {
        await new Promise(resume => setTimeout(resume));
      }
    }
  }

  /** @param {string} block @returns {Frame | null} null for a comment */
  #frame(block) {
    let id = '';
    let data = '';
    let name = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('data: ')) {
        data = line.slice(6);
      } else if (line.startsWith('id: ')) {
        id = line.slice(4);
      } else if (line.startsWith('event: ')) {
        name = line.slice(7);
      }
    }
    if (name === 'error') {
      throw new ApiError(0, JSON.parse(data).error);
    }
    return data ? {seq: Number(id), text: data, event: this.parses ? parseExact(data, 1) : undefined} : null;
  }

  /** @param {AbortController} abort @param {unknown} error */
  #lost(abort, error) {
    if (this.#stopped || this.#abort !== abort) {
      return;
    }
    this.#cutOff();
    const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
    this.#become(refused ? 'refused' : 'lost', error);
    if (!refused) {
      // Jitter, so that not all clients reconnect to a restarted server at once.
      this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random() / 2));
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    }
  }
}
