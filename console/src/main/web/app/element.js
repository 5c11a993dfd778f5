// @ts-check
import {LitElement} from 'lit';

/** A component without a shadow root: one style sheet serves the page, and ids and labels reach everywhere. */
export class Element extends LitElement {
  createRenderRoot() {
    return this;
  }
}
