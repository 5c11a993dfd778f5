// @ts-check
// One event of the raw tail: its row and its details.

import {html, nothing} from 'lit';
import {go, href, setQuery} from '../app/route.js';
import {fullTime, shortTime} from '../data/format.js';
import {payloads} from '../data/payload.js';
import {isObject, line, verbOf, visible} from '../data/words.js';
import {copyButton} from '../part/small.js';
import {marked} from '../part/text.js';
import '../part/json-tree.js';

/** Maximum number of characters of an id in a row. The style sheet shortens it further. */
const ID_ROOM = 120;

export const COLUMNS = ['Sequence', 'Time', 'Type', 'Workflow', 'Execution', 'What happened'];

/**
 * @param {number} seq
 * @param {import('../data/kept-events.js').Words} words
 * @param {RegExp | null} pattern the search pattern
 */
export function eventRow(seq, {type, time, workflow, execution, subject, detail}, pattern) {
  const {sign, kind} = verbOf(type);
  const short = (/** @type {string} */ id) => marked(line(id, ID_ROOM), pattern);
  return html`
    <span class="seq" role="gridcell">${seq}</span>
    <span class="time" role="gridcell">${Number.isFinite(time) ? html`<time datetime=${new Date(time).toISOString()} title=${fullTime(time)}>${shortTime(time)}<span class="soft">.${String(time % 1000).padStart(3, '0')}</span></time>` : nothing}</span>
    <span class="type status ${kind}" role="gridcell" title=${type}><span class="sign" aria-hidden="true">${sign}</span> ${short(type)}</span>
    <span class="workflow" role="gridcell" title=${line(workflow, 1_000)}><bdi>${short(workflow)}</bdi></span>
    <span class="execution" role="gridcell"><a class="id" href=${href('run', execution)} title=${line(execution, 1_000)} tabindex="-1"><bdi>${short(execution)}</bdi></a></span>
    <span class="words" role="gridcell"><bdi>${marked(subject, pattern)}</bdi> <bdi class="soft">${marked(detail, pattern)}</bdi></span>`;
}

/**
 * @param {any} event the stream event
 * @param {string} text the same event, as raw text
 * @param {string} find the search text
 */
export function eventDetail(event, text, find) {
  const {data, broker_sequence: seq, stream} = event;
  /** @type {[string, string, any][]} */
  const filters = [
    ['workflow', 'workflow_name', data?.workflow_name],
    ['execution', 'workflow_exec_id', data?.workflow_exec_id],
    ['whole tree', 'root_workflow_exec_id', data?.root_workflow_exec_id],
    ['type', 'workflow_event_types', data?.event_type],
    ['stream', 'stream', stream],
    ['activity', 'activity_name', data?.attributes?.activity_name],
  ];
  return html`<div class="event-detail">
    <p class="actions">
      <button @click=${() => go('run', String(data?.workflow_exec_id))}>Open the run</button>
      ${copyButton(() => new URL(href('events', '', {start_seq: seq, open: seq}), location.href).href, 'Copy link')}
      ${copyButton(text, 'Copy raw')}
      <span class="soft">Filter by</span>
      ${filters.map(([what, name, value]) => (typeof value === 'string' && value
        ? html`<button title=${line(value)} @click=${() => setQuery({[name]: value})}>${what}</button>`
        : nothing))}
    </p>
    ${['input', 'result', 'payload'].map(name => decoded(name, data?.attributes?.[name]))}
    <json-tree .value=${event} label="Event ${seq}" .find=${find}></json-tree>
  </div>`;
}

/** The content of an encoded payload. @param {string} name @param {any} payload */
function decoded(name, payload) {
  if (!isObject(payload) || !payload.encoding_options?.length) {
    return nothing;
  }
  const {value, note} = payloads.content(payload);
  return html`
    ${note ? html`<p class="hint">${name}: ${visible(note)}</p>` : nothing}
    ${value === undefined ? nothing : html`<json-tree .value=${value} label="${name}, decrypted"></json-tree>`}`;
}
