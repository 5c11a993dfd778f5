// @ts-check
// The header of a run: status, ids, times and links.

import {html, nothing} from 'lit';
import {href, setQuery} from '../app/route.js';
import {duration, millis, shortTime} from '../data/format.js';
import {Chain, isOver} from '../data/span.js';
import {line} from '../data/words.js';
import {copyId, statusMark, statusWord, timeOf} from './small.js';

/** @typedef {import('../data/span.js').Span} Span */

/**
 * @typedef {object} Head
 * @property {any} info the newest run, from the server
 * @property {import('../data/execution.js').ExecutionTree | null} tree
 * @property {Span | null} top null until its events are received
 * @property {number} seq the sequence to show; Infinity for now
 * @property {number} now ms since 1970
 * @property {URLSearchParams} query
 */

/** The tree shows further children. */
const MOST_CHILDREN = 3;

/** @param {Head} head */
export function runHead(head) {
  const {info, top} = head;
  const facts = top ? ofSpan(top, head) : ofInfo(info);
  const id = info.execution_id;
  return html`<header class="run-head">
    <div class="title">
      <span class="big">${statusMark(facts.status)}</span>
      <h1><bdi>${line(facts.name, 300)}</bdi></h1>
      ${facts.display && facts.display !== facts.name ? html`<span class="soft"><bdi>${line(facts.display, 100)}</bdi></span>` : nothing}
      <span class="room"></span>
      <a class="button" href=${href('events', '', {root_workflow_exec_id: info.root_execution_id})}>Events of this run</a>
      <a class="button" href=${href('compare', '', {a: id, ra: head.query.get('run')})}>Compare</a>
    </div>
    <dl class="facts-line">
      <div><dt>Execution</dt><dd>${copyId(id, 'execution id')}</dd></div>
      <div><dt>Run</dt><dd>${copyId(facts.runId, 'run id')}</dd></div>
      <div><dt>Started</dt><dd>${timeOf(facts.start)}</dd></div>
      <div><dt>${isOver(facts.status) ? 'Took' : 'Running for'}</dt><dd>${duration((Number.isFinite(facts.end) ? facts.end : head.now) - facts.start)}</dd></div>
      ${facts.attempt > 1 ? html`<div><dt>Attempt</dt><dd>${facts.attempt}</dd></div>` : nothing}
      ${facts.waits === null ? nothing : html`<div><dt>Waiting for</dt><dd>${duration(head.now - facts.waits)}</dd></div>`}
      ${relatives(head)}
      ${runs(head)}
    </dl>
  </header>`;
}

/** @param {Span} top @param {Head} head */
function ofSpan(top, {seq}) {
  const run = top instanceof Chain ? top.runAt(seq) : top;
  const started = run.moments.find(({event}) => event.event_type === 'WORKFLOW_EXECUTION_STARTED')?.event.attributes;
  return {
    status: run.shownStatusAt(seq),
    name: run.name,
    display: typeof started?.display_name === 'string' ? started.display_name : '',
    runId: run.id,
    start: top.start,
    end: top.endAt(seq),
    attempt: Number(run.turnAt(seq)?.attempt ?? started?.attempt ?? 1),
    waits: run.waitsSince(seq),
  };
}

/** @param {any} info */
function ofInfo({status, workflow_name: name, run_id: runId, start_time: start, end_time: end}) {
  return {status, name, display: '', runId, start: millis(start), end: end ? millis(end) : NaN, attempt: 1, waits: null};
}

/** @param {Head} head */
function relatives({info, top, seq}) {
  const {execution_id: id, parent_execution_id: parent, root_execution_id: root} = info;
  const of = top instanceof Chain ? top.children : top ? [top] : [];
  const children = of.flatMap(run => run.children).filter(child => child.kind === 'execution' && child.firstSeq <= seq);
  return html`
    ${parent ? html`<div><dt>Started by</dt><dd>${link(parent)}</dd></div>` : nothing}
    ${root !== id && root !== parent ? html`<div><dt>Root</dt><dd>${link(root)}</dd></div>` : nothing}
    ${children.length ? html`<div><dt>Children</dt><dd>${children.slice(0, MOST_CHILDREN).map(child => html`${link(child.executionId)} `)}
      ${children.length > MOST_CHILDREN ? html`<span class="soft">and ${children.length - MOST_CHILDREN} more</span>` : nothing}</dd></div>` : nothing}`;
}

/** @param {string} id */
function link(id) {
  return html`<a class="id" href=${href('run', id)}><bdi>${line(id)}</bdi></a>`;
}

/** A selector for the runs of the execution, if there are several. @param {Head} head */
function runs({tree, query}) {
  const all = tree?.runs ?? [];
  const chosen = query.get('run') ?? '';
  if (all.length < 2) {
    return nothing;
  }
  return html`<div><dt><label for="runs">Shown</label></dt><dd><select id="runs" @change=${(/** @type {any} */ event) => setQuery({run: event.target.value, span: null, at: null})}>
    <option value="" ?selected=${!chosen}>the whole execution</option>
    ${all.map((run, i) => html`<option value=${run.id} ?selected=${run.id === chosen}>run ${i + 1} of ${all.length}: ${statusWord(run.statusAt(Infinity)).toLowerCase()}, ${shortTime(run.start)}</option>`)}
  </select></dd></div>`;
}
