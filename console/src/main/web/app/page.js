// @ts-check
// State that all views share: the connection, redrawing, and preferences.

/** @typedef {import('lit').ReactiveController} ReactiveController */

const THEME = 'galerne-theme';

/** The connection state that the header shows. */
class Connection extends EventTarget {
  /** @type {import('../data/stream.js').StreamState | null} */
  state = null;

  /** @param {import('../data/stream.js').StreamState | null} state null if the view has no stream */
  show(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

export const connection = new Connection();

/** `light`, `dark`, or '' for the system's theme. */
export const theme = {
  get value() {
    return localStorage.getItem(THEME) ?? '';
  },
  /** @param {string} value */
  use(value) {
    localStorage.setItem(THEME, value);
    theme.apply();
  },
  apply() {
    document.documentElement.dataset.theme = theme.value;
  },
};

/** Minimum interval between two renderings, in ms: short enough to look live, long enough to read. */
const REDRAW_EVERY = 150;

/**
 * Renders a view after each change, at most once per `REDRAW_EVERY`, and once a second while `ticks` returns true, such
 * as for a running duration. Pauses while the tab is hidden.
 * @implements {ReactiveController}
 */
export class Redraw {
  #host;
  #ticks;
  #last = 0;
  #timer = 0;
  #frame = 0;
  #clock = 0;

  /** @param {import('lit').ReactiveElement} host @param {() => boolean} [ticks] */
  constructor(host, ticks = () => false) {
    this.#host = host;
    this.#ticks = ticks;
    host.addController(this);
  }

  hostConnected() {
    this.#clock = setInterval(() => this.#ticks() && this.soon(), 1000);
  }

  hostDisconnected() {
    clearInterval(this.#clock);
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#timer = this.#frame = 0;
  }

  soon() {
    if (this.#timer || this.#frame) {
      return;
    } else if (document.hidden) {
      this.#frame = requestAnimationFrame(() => this.#now()); // waits until the tab is visible
    } else {
      // A timer, as an animation frame's callback would delay rendering to the next frame.
      this.#timer = setTimeout(() => this.#now(), this.#last + REDRAW_EVERY - performance.now());
    }
  }

  #now() {
    this.#timer = this.#frame = 0;
    this.#last = performance.now();
    this.#host.requestUpdate();
  }
}

/**
 * How long a tab is hidden before its stream is closed, in ms. A browser opens at most six connections to a server over
 * HTTP/1.1, and each tab holds one. The stream resumes when the tab is visible again.
 */
const HIDDEN_FOR = 60_000;

/** After this time a view reloads if it can, in ms: resuming would replay more than the view shows. */
const STALE_AFTER = 600_000;

/**
 * Keeps a stream open while its view is on the page and the page is visible, and shows its state.
 * @implements {ReactiveController}
 */
export class PageStream {
  /** @type {import('../data/stream.js').EventStream | null} */
  stream = null;
  #timer = 0;
  #visibility = () => {
    clearTimeout(this.#timer);
    const hiddenFor = Date.now() - this.#hiddenSince;
    if (document.hidden) {
      this.#hiddenSince = Date.now();
      this.#timer = setTimeout(() => this.stream?.stop(), HIDDEN_FOR);
    } else if (this.#reload && hiddenFor > STALE_AFTER) {
      this.#reload();
    } else if (!this.paused) {
      this.stream?.start();
    }
  };
  #hiddenSince = Date.now();
  #reload;

  /** Whether the user has paused it. */
  paused = false;

  /**
   * @param {import('lit').ReactiveElement} host
   * @param {() => void} [reload] reloads the view after the page was hidden for a long time; without it, the stream resumes
   */
  constructor(host, reload) {
    this.#reload = reload;
    host.addController(this);
  }

  hostConnected() {
    document.addEventListener('visibilitychange', this.#visibility);
  }

  hostDisconnected() {
    document.removeEventListener('visibilitychange', this.#visibility);
    this.close();
  }

  /** Closes the current stream and opens another. @param {import('../data/stream.js').EventStream} stream */
  open(stream) {
    this.close();
    this.paused = false;
    this.stream = stream;
    const listener = stream.onState;
    stream.onState = state => {
      if (this.stream === stream) {
        connection.show(state);
        listener(state);
      }
    };
    stream.start();
  }

  pause() {
    this.paused = true;
    this.stream?.stop();
  }

  resume() {
    this.paused = false;
    this.stream?.start();
  }

  close() {
    clearTimeout(this.#timer);
    const stream = this.stream;
    this.stream = null;
    stream?.stop();
    connection.show(null);
  }
}
