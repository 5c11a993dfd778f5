// @ts-check
// The form that adds a filter to the event stream.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {EVENT_TYPES, FILTERS, METADATA, TYPES, suggestions} from '../data/event-filters.js';

/** `<event-filter-form .query=${filters} .sample=${() => stream events}>` fires `filter` with the changes to the URL, and `close`. */
class EventFilterForm extends Element {
  static properties = {query: {attribute: false}, sample: {attribute: false}};
  #name = FILTERS[0].name;

  constructor() {
    super();
    /** @type {import('../data/event-filters.js').StreamQuery} */
    this.query = {};
    /** @type {() => any[]} */
    this.sample = () => [];
  }

  firstUpdated() {
    this.querySelector('select')?.focus();
  }

  render() {
    return html`<form class="panel" aria-label="Add a filter" @submit=${this.#submit} @keydown=${this.#key}>
      <label>Filter by
        <select name="name" @change=${this.#choose}>${FILTERS.map(({name, label}) => html`<option value=${name}
          .selected=${name === this.#name}>${label}</option>`)}</select>
      </label>
      ${this.#value()}
      <p class="buttons"><button class="main">Apply</button><button type="button" @click=${this.#close}>Cancel</button></p>
    </form>`;
  }

  #value() {
    const filter = FILTERS.find(({name}) => name === this.#name);
    if (this.#name === TYPES) {
      return this.#types();
    } else if (filter?.choices) {
      return html`<label>Is <select name="value">${filter.choices.map(one => html`<option>${one}</option>`)}</select></label>`;
    }
    return html`
      ${this.#name === METADATA ? html`<label>Key <input name="key" required autocomplete="off" spellcheck="false"></label>` : nothing}
      <label class="wide">Is exactly
        <input name="value" required autocomplete="off" spellcheck="false" list="event-values">
      </label>
      <datalist id="event-values">${suggestions(this.#name, this.sample()).map(value => html`<option value=${value}></option>`)}</datalist>`;
  }

  #types() {
    const chosen = [this.query[TYPES] ?? []].flat();
    return html`<div class="types">${Object.entries(EVENT_TYPES).map(([subject, verbs]) => html`<fieldset>
      <legend>${subject}</legend>
      ${verbs.map(verb => html`<label><input type="checkbox" name="type" value="${subject}_${verb}" ?checked=${chosen.includes(`${subject}_${verb}`)}> ${verb}</label>`)}
    </fieldset>`)}</div>`;
  }

  /** @param {Event} event */
  #choose(event) {
    this.#name = /** @type {HTMLSelectElement} */ (event.target).value;
    this.requestUpdate();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const value = String(fields.get('value') ?? '');
    const name = this.#name === METADATA ? `${METADATA}[${fields.get('key')}]` : this.#name;
    const detail = {[name]: name === TYPES ? fields.getAll('type') : value};
    this.dispatchEvent(new CustomEvent('filter', {detail}));
    this.#close();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#close();
    }
  }

  #close() {
    this.dispatchEvent(new Event('close'));
  }
}

customElements.define('event-filter-form', EventFilterForm);
