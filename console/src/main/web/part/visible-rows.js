// @ts-check
// Tracks the visible rows of a long list. All rows have the same height; any ancestor may be the scroller.

/** @typedef {import('lit').ReactiveController} ReactiveController */

/** Extra rows beyond both edges, so scrolling shows no gaps. */
const MARGIN = 12;

/**
 * @implements {ReactiveController}
 */
export class VisibleRows {
  #host;
  #frame = 0;
  /** The rows to render: from, inclusive, to, exclusive. */
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
   * @param {string} selector of the element that contains the rows, as high as all of them
   * @param {number} height of a row in px
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

  /** @returns {boolean} whether other rows are visible now */
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
