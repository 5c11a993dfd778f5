// @ts-check
import {LitElement} from 'lit';

/** A component without a shadow root, so style sheets, ids and labels apply to the whole page. */
export class Element extends LitElement {
  createRenderRoot() {
    return this;
  }
}
