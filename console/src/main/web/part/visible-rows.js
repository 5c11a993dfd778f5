// @ts-check
// Which rows of a long list are in sight. Rows are all as high; whatever scrolls around the list may scroll.

/** @typedef {import('lit').ReactiveController} ReactiveController */

/** Rows beyond both edges, so that scrolling shows no gaps. */
const MARGIN = 12;

/**
 * @implements {ReactiveController}
 */
export class VisibleRows {
  #host;
  #frame = 0;
  /** Rows of which to draw: the first, and the one after the last. */
  from = 0;
  to = 60;
  #look = () => {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#measure()) {
        this.#host.requestUpdate();
      }
    });
  };
  #resized = () => this.#host.requestUpdate();

  /**
   * @param {import('lit').ReactiveElement} host
   * @param {string} selector of the element that holds the rows, as high as all of them
   * @param {number} height of a row in pixels
   */
  constructor(host, selector, height) {
    this.#host = host;
    this.selector = selector;
    this.height = height;
    host.addController(this);
  }

  hostConnected() {
    document.addEventListener('scroll', this.#look, {capture: true, passive: true});
    window.addEventListener('resize', this.#resized);
  }

  hostDisconnected() {
    document.removeEventListener('scroll', this.#look, {capture: true});
    window.removeEventListener('resize', this.#resized);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  hostUpdated() {
    this.#look();
  }

  /** @returns {boolean} whether other rows are in sight */
  #measure() {
    const rows = this.#host.querySelector(this.selector);
    if (!rows) {
      return false;
    }
    const {top} = rows.getBoundingClientRect();
    const first = Math.floor(Math.max(0, -top) / this.height);
    const last = Math.ceil(Math.max(0, window.innerHeight - top) / this.height);
    if (this.from <= first && this.to >= last && this.to - this.from <= last - first + 4 * MARGIN) {
      return false;
    }
    this.from = Math.max(0, first - MARGIN);
    this.to = last + MARGIN;
    return true;
  }
}
