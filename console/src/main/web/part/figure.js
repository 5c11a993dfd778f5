// @ts-check
import {html, nothing} from 'lit';

/**
 * A named figure, for a list `<dl class="figures">`.
 * @param {string} name
 * @param {unknown} value
 * @param {unknown} [hint] what it counts, in a few words
 * @param {string} [kind] `failed` or `waiting` to highlight it
 */
export function figure(name, value, hint = nothing, kind = '') {
  return html`<div class="figure panel ${kind}">
    <dt>${name}</dt>
    <dd>${value}</dd>
    ${hint === nothing ? nothing : html`<dd class="hint">${hint}</dd>`}
  </div>`;
}
