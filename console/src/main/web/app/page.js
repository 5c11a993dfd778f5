// @ts-check
// What all views share: the page's one connection, the clock, and preferences.

/** @typedef {import('lit').ReactiveController} ReactiveController */

const THEME = 'galerne-theme';

/** How a connection is doing that the page's header shows. */
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

/** `light`, `dark` or `` for the system's. */
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

/** A view that is told of changes all the time is rendered so often: enough to look live, and calm to read. */
const REDRAW_EVERY = 150;

/**
 * Renders a view at once when it is told that something has changed, but no more often than `REDRAW_EVERY`, and once a
 * second while `ticks` says that something on it grows with time. Not while nobody looks. A reactive controller.
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
      this.#frame = requestAnimationFrame(() => this.#now()); // which waits until somebody looks
    } else {
      // By a timer: in a frame's callback, rendering would start only when the frame does.
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
 * Closes streams of tabs that nobody looks at: a browser opens no more than six connections to a server over
 * HTTP/1.1, and each tab would hold one. A stream resumes where it was when the tab is looked at again.
 */
const HIDDEN_FOR = 60_000;

/** After that, a view that can be read anew is: a busy server has more to catch up on than the view shows. */
const STALE_AFTER = 600_000;

/**
 * Keeps a stream open while its view is on the page and the page is looked at, and shows its state.
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
    } else if (this.#anew && hiddenFor > STALE_AFTER) {
      this.#anew();
    } else if (!this.paused) {
      this.stream?.start();
    }
  };
  #hiddenSince = Date.now();
  #anew;

  /** Whether the reader has paused it. */
  paused = false;

  /**
   * @param {import('lit').ReactiveElement} host
   * @param {() => void} [anew] reads the view anew, if it can be, after nobody looked at it for a long time
   */
  constructor(host, anew) {
    this.#anew = anew;
    host.addController(this);
  }

  hostConnected() {
    document.addEventListener('visibilitychange', this.#visibility);
  }

  hostDisconnected() {
    document.removeEventListener('visibilitychange', this.#visibility);
    this.close();
  }

  /** Replaces the stream by another, and opens it. @param {import('../data/stream.js').EventStream} stream */
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
