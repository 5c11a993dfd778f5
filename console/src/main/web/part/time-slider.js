// @ts-check
// The slider that goes back in time, event by event.

import {html, nothing} from 'lit';
import {live} from 'lit/directives/live.js';
import {Element} from '../app/element.js';
import {countUpTo} from '../data/ascending.js';
import {amount, shortTime} from '../data/format.js';
import {statusKind, statusWord, timeOf} from './small.js';

/**
 * @typedef {object} SliderView
 * @property {import('../data/span.js').Moment[]} moments
 * @property {{seq: number, status: string}[]} marks
 * @property {number} seq Infinity while it follows the newest event
 */

/** Fires `travel` with a sequence, or Infinity, as `detail`. */
class TimeSlider extends Element {
  static properties = {view: {attribute: false}};

  constructor() {
    super();
    /** @type {SliderView | null} */
    this.view = null;
  }

  /** @param {number} distance in events */
  step(distance) {
    const {moments, seq} = /** @type {SliderView} */ (this.view);
    this.#go(countUpTo(moments, seq) + distance);
  }

  /** @param {number} count number of events to show */
  #go(count) {
    const {moments} = /** @type {SliderView} */ (this.view);
    const moment = moments[Math.max(1, Math.min(moments.length, count)) - 1];
    if (moment) {
      this.#fire(moment.seq);
    }
  }

  /** @param {number} seq */
  #fire(seq) {
    this.dispatchEvent(new CustomEvent('travel', {detail: seq}));
  }

  render() {
    const {moments, marks, seq} = this.view ?? {moments: [], marks: [], seq: Infinity};
    const total = moments.length;
    if (!total) {
      return nothing;
    }
    const count = Math.max(1, countUpTo(moments, seq));
    const moment = moments[count - 1];
    const follows = seq === Infinity;
    return html`<div class="time-slider ${follows ? '' : 'past'}" role="group" aria-label="Go back in time">
      <button class="quiet" aria-label="Previous event" title="Previous event ([)" ?disabled=${count <= 1} @click=${() => this.step(-1)}>‹</button>
      <span class="track">
        ${marks.map(mark => html`<span class="mark ${statusKind(mark.status)}" title="${statusWord(mark.status)}, sequence ${mark.seq}"
          .style=${`--share: ${countUpTo(moments, mark.seq) / total}`}></span>`)}
        <input type="range" min="1" max=${total} step="1" .value=${live(String(count))} aria-label="Point in time"
          aria-valuetext="Event ${count} of ${total}, ${shortTime(moment.at)}"
          @input=${(/** @type {InputEvent} */ event) => this.#go(Number(/** @type {HTMLInputElement} */ (event.target).value))}>
      </span>
      <button class="quiet" aria-label="Next event" title="Next event (])" ?disabled=${follows || count >= total} @click=${() => this.step(1)}>›</button>
      <span class="point">${follows
        ? html`${amount(total)} events`
        : html`sequence <strong>${moment.seq}</strong> · ${timeOf(moment.at)}`}</span>
      <button aria-pressed=${follows} title="Show the newest state (f)" @click=${() => this.#fire(Infinity)}>Follow live</button>
    </div>`;
  }
}

customElements.define('time-slider', TimeSlider);
