// @ts-check
// The panel at the top of a run: why it failed, what it is retrying or what it waits for.

import {html, nothing} from 'lit';
import {culprit, inShort, retrying} from '../data/culprit.js';
import {duration} from '../data/format.js';
import {line} from '../data/words.js';
import {failureText} from './failure.js';

/** @typedef {import('../data/span.js').Span} Span */

/**
 * @typedef {object} Asked
 * @property {Span} run
 * @property {number} seq the sequence to show; Infinity for now
 * @property {number} now ms since 1970
 * @property {(key: string) => void} pick selects a span
 */

const MOST_RETRIES = 3;

/** @param {Asked} asked */
export function verdict(asked) {
  const {run, seq} = asked;
  switch (run.shownStatusAt(seq)) {
    case 'FAILED':
    case 'TIMED_OUT':
      return failed(asked);
    case 'CANCELED':
      return run.failureAt(seq) ? html`<section class="verdict canceled"><h2>Canceled</h2>${failureText(run.failureAt(seq))}</section>` : nothing;
    case 'RETRYING_AFTER_ERROR':
      return retries(asked);
    case 'WAITING':
      return waits(asked);
    default:
      return nothing;
  }
}

/** @param {Asked} asked */
function failed({run, seq, pick}) {
  const why = culprit(run, seq);
  const own = run.failureAt(seq);
  const cause = why?.failureAt(seq) ?? own;
  const isOwn = cause === own || inShort(own).headline === inShort(cause).headline;
  return html`<section class="verdict failed" aria-label="Why it failed">
    <h2>Why it failed</h2>
    ${why ? html`<p>${where(why, seq, pick)}</p>` : html`<p>The workflow’s own code failed.</p>`}
    ${failureText(cause)}
    ${isOwn || !inShort(own).headline ? nothing : html`<p class="own"><span class="soft">The workflow then failed with</span> “<bdi>${line(inShort(own).headline, 500)}</bdi>”</p>`}
  </section>`;
}

/** @param {Span} span @param {number} seq @param {(key: string) => void} pick */
function where(span, seq, pick) {
  const kind = {activity: 'Activity', task: 'Task', run: 'Child workflow', execution: 'Child workflow'}[span.kind];
  const attempts = span.kind === 'activity' ? (span.attemptsAt(seq).at(-1)?.number ?? 1) : 1;
  return html`${kind} <button class="link" @click=${() => pick(span.key)}><bdi>${line(span.name)}</bdi></button>
    failed${attempts > 1 ? html` after <strong>${attempts} attempts</strong>` : nothing}:`;
}

/** @param {Asked} asked */
function retries({run, seq, pick}) {
  const activities = retrying(run, seq);
  return html`<section class="verdict retrying" aria-label="What is being retried">
    ${activities.slice(0, MOST_RETRIES).map(activity => html`
      <p>Activity <button class="link" @click=${() => pick(activity.key)}><bdi>${line(activity.name)}</bdi></button>
        is retrying: attempt ${(activity.attemptsAt(seq).at(-1)?.number ?? 2) - 1} failed with</p>
      <p class="headline"><bdi>${line(inShort(activity.failureAt(seq)).headline, 500)}</bdi></p>`)}
    ${activities.length > MOST_RETRIES ? html`<p>And ${activities.length - MOST_RETRIES} more.</p>` : nothing}
  </section>`;
}

/** @param {Asked} asked */
function waits({run, seq, now, pick}) {
  const task = run.tasks.find(one => one.waitsSince(seq) !== null);
  const label = task?.valueAt(seq).value?.label;
  return task ? html`<section class="verdict waiting" aria-label="What it waits for">
    <p>Waiting for input for <strong>${duration(now - task.start)}</strong>:
      <button class="link" @click=${() => pick(task.key)}><bdi>${typeof label === 'string' && label ? line(label) : 'open the form'}</bdi></button></p>
  </section>` : nothing;
}
