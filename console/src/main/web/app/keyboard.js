// @ts-check
// Keyboard shortcuts. Each view registers its own while it is on the page. Typing into a field triggers none.

/** @typedef {import('lit').ReactiveController} ReactiveController */

/** @typedef {{keys: string[], what: string, run: (event: KeyboardEvent) => void}} Shortcut */

/** @type {Set<Shortcut[]>} */
const offered = new Set();

/** All active shortcuts, for the help dialog. @returns {Shortcut[]} */
export function shortcuts() {
  return [...offered].flat();
}

document.addEventListener('keydown', event => {
  const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
  const types = target.closest?.('input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]');
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
    return;
  }
  if (types) {
    if (event.key === 'Escape') {
      target.blur();
    }
    return;
  }
  const shortcut = shortcuts().findLast(one => one.keys.includes(event.key));
  if (shortcut) {
    event.preventDefault();
    shortcut.run(event);
  }
});

/**
 * Registers shortcuts while its host is on the page.
 * @implements {ReactiveController}
 */
export class Shortcuts {
  /** @param {import('lit').ReactiveElement} host @param {Shortcut[]} own */
  constructor(host, own) {
    this.own = own;
    host.addController(this);
  }

  hostConnected() {
    offered.add(this.own);
  }

  hostDisconnected() {
    offered.delete(this.own);
  }
}
