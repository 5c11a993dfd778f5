// @ts-check
// The dialogs for keys and for help.

import {html, nothing} from 'lit';
import {session} from '../data/api.js';
import {dataKeys} from '../data/cipher.js';
import {Element} from './element.js';

class KeyDialog extends Element {
  #fault = '';

  open() {
    this.requestUpdate();
    const dialog = /** @type {HTMLDialogElement} */ (this.querySelector('dialog'));
    if (!dialog.open) {
      dialog.showModal();
    }
  }

  render() {
    const refusal = session.refusal;
    return html`<dialog aria-labelledby="key-title">
      <form method="dialog" @submit=${this.#save}>
        <h2 id="key-title">Keys</h2>
        ${refusal ? html`<p class="fault" role="alert">${this.#why(refusal)}</p>` : nothing}
        <label>API key
          <input name="api" type="password" autocomplete="off" spellcheck="false" .value=${session.key} placeholder="none">
        </label>
        <p class="hint">Kept until you close this tab. Sent to this server only, in a header.</p>
        <label>Data key
          <input name="main" type="password" autocomplete="off" spellcheck="false" .value=${dataKeys.main} placeholder="64 hexadecimal digits">
        </label>
        <label>Second data key
          <input name="second" type="password" autocomplete="off" spellcheck="false" .value=${dataKeys.second} placeholder="used if the first one fails">
        </label>
        <p class="hint">Decrypt payloads in this page. Data keys are never sent or stored; reloading the page forgets them.</p>
        ${this.#fault ? html`<p class="fault" role="alert">${this.#fault}</p>` : nothing}
        <p class="buttons">
          <button type="button" @click=${this.#forget}>Forget all</button>
          <span class="room"></span>
          <button type="button" @click=${this.#close}>Cancel</button>
          <button type="submit" class="main">Use</button>
        </p>
      </form>
    </dialog>`;
  }

  /** @param {import('../data/api.js').ApiError} refusal */
  #why(refusal) {
    if (refusal.status === 403) {
      return `${refusal.message}. The console needs a key with read access.`;
    }
    return session.key ? `${refusal.message}.` : 'This server requires an API key with read access.';
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const text = (/** @type {string} */ name) => String(fields.get(name) ?? '').trim();
    try {
      await dataKeys.use(text('main'), text('second'));
    } catch (error) {
      this.#fault = /** @type {Error} */ (error).message;
      this.requestUpdate();
      return;
    }
    this.#fault = '';
    this.#close();
    if (text('api') !== session.key || session.refusal) {
      session.use(text('api'));
    }
  }

  async #forget() {
    this.#fault = '';
    await dataKeys.use('', '');
    session.use('');
    this.#close();
  }

  #close() {
    /** @type {HTMLDialogElement} */ (this.querySelector('dialog')).close();
  }
}

class HelpDialog extends Element {
  /** @type {import('./keyboard.js').Shortcut[]} */
  #shortcuts = [];

  /** @param {import('./keyboard.js').Shortcut[]} shortcuts */
  open(shortcuts) {
    this.#shortcuts = shortcuts;
    this.requestUpdate();
    /** @type {HTMLDialogElement} */ (this.querySelector('dialog')).showModal();
  }

  render() {
    return html`<dialog aria-labelledby="help-title">
      <form method="dialog">
        <h2 id="help-title">Keyboard</h2>
        <dl class="keys">
          ${this.#shortcuts.map(({keys, what}) => html`<dt>${keys.map(key => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd>`)}
        </dl>
        <p class="buttons"><a href="openapi.yaml">API of this server</a><span class="room"></span><button class="main">Close</button></p>
      </form>
    </dialog>`;
  }
}

customElements.define('key-dialog', KeyDialog);
customElements.define('help-dialog', HelpDialog);
