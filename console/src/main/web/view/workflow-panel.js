// @ts-check
// One workflow: its figures, its latency over time, and its slowest and failed runs.

import {html, nothing} from 'lit';
import {href} from '../app/route.js';
import {ApiError, get} from '../data/api.js';
import {amount, duration, millis} from '../data/format.js';
import {MOST_RUNS, isFailed, latencySteps, newestRuns, percent, quantile, summarize} from '../data/workflows.js';
import {figure} from '../part/figure.js';
import {copyButton, durationOf, statusMark, timeOf} from '../part/small.js';
import '../part/chart.js';

/** @typedef {import('../data/workflows.js').Run} Run */

/**
 * The data of one workflow.
 * @typedef {object} Workflow
 * @property {string} name
 * @property {Run[]} runs newest start first
 * @property {boolean} isCut whether there are more runs
 * @property {Record<string, {value: any}> | null} metrics the server's totals; null if it has none for this name
 * @property {[number[], ...(number | null)[][]]} curve the data of its chart
 * @property {[number, number]} span start and end of the chart, in seconds since 1970
 */

/** Minimum time range of the chart, in ms: each value covers a minute or more. */
const SHORTEST = 10 * 60_000;

/** Number of slowest and of failed runs to show. */
const SHOWN = 10;

/**
 * Loads the data of a workflow.
 * @param {string} name
 * @param {number | null} since in ms since 1970; null for all time
 * @param {Run[] | null} runs all its runs, if known
 * @param {AbortSignal} signal
 * @returns {Promise<Workflow>}
 */
export async function loadWorkflow(name, since, runs, signal) {
  const after = since && new Date(since).toISOString();
  const [metrics, newest] = await Promise.all([
    get(`/v1/workflows/${encodeURIComponent(name)}/metrics`, {start_time: after}, {signal}).catch(unlessUnknown),
    runs ? {runs, isCut: false} : newestRuns({workflow_identifier: name, start_time_after: after}, signal),
  ]);
  /** @type {[number, number][]} */
  const points = metrics?.latency_over_time.value ?? [];
  const {median, p95} = latencySteps(newest.runs, points.map(([time]) => time));
  const now = Date.now();
  return {
    name,
    ...newest,
    metrics,
    curve: [points.map(([time]) => time / 1000), points.map(([, mean]) => mean), median, p95],
    span: [Math.min(points[0]?.[0] ?? now, now - SHORTEST) / 1000, now / 1000],
  };
}

/** Ignores a 404: for a name such as `runs`, the path is that of another operation. @param {Error} error */
function unlessUnknown(error) {
  if (error instanceof ApiError && error.status === 404) {
    return null;
  }
  throw error;
}

/**
 * @param {Workflow} workflow
 * @param {URLSearchParams} query of the view
 * @param {string} time the time range, in words
 */
export function workflowPanel(workflow, query, time) {
  const {name, runs, isCut} = workflow;
  return html`<section class="one" aria-labelledby="workflow-name">
    <header>
      <a class="back" href=${href('workflows', '', query)}>All workflows</a>
      <h2 id="workflow-name"><bdi>${name}</bdi></h2>
      <p class="soft">${time} · <a href=${href('runs', '', {workflow: name})}>all its runs</a> ${copyButton(name, 'Copy name')}</p>
    </header>
    ${figures(workflow)}
    ${workflow.curve[0].length
      ? html`<galerne-chart label="Latency" .series=${['mean', 'median', 'p95']} .data=${workflow.curve} .span=${workflow.span} .format=${duration} tabular></galerne-chart>`
      : nothing}
    ${isCut ? html`<p class="hint">Median, p95 and the lists below cover the newest ${amount(MOST_RUNS)} runs.</p>` : nothing}
    <div class="lists">
      ${runList('Slowest runs', slowest(runs), 'No run has ended.')}
      ${runList('Latest failures', runs.filter(isFailed).slice(0, SHOWN), 'No run has failed.')}
    </div>
  </section>`;
}

/** @param {Workflow} workflow */
function figures({name, runs, metrics}) {
  const own = summarize(runs).get(name);
  if (!own) {
    return html`<p class="hint">No runs started in this time.</p>`;
  }
  const total = metrics?.execution_count.value ?? own.runs;
  const failed = metrics?.error_count.value ?? own.failed;
  const rate = own.failed / own.ended;
  return html`<dl class="figures">
    ${figure('Runs', amount(total), own.running ? `${amount(own.running)} running` : 'none running')}
    ${figure('Failed', amount(failed), `${percent(rate)} of ended runs`, failed ? 'failed' : '')}
    ${figure('Median', duration(quantile(own.latencies, 0.5)) || '–', metrics && own.ended ? `mean ${duration(metrics.average_latency_ms.value)}` : nothing)}
    ${figure('p95', duration(quantile(own.latencies, 0.95)) || '–', own.ended ? `longest ${duration(own.latencies[own.latencies.length - 1])}` : nothing)}
    ${metrics ? figure('Retried', percent(metrics.retry_rate.value), 'of runs retried an activity') : nothing}
  </dl>`;
}

/** @param {Run[]} runs */
function slowest(runs) {
  const took = (/** @type {Run} */ run) => run.total_duration_ms ?? -1;
  return runs.filter(run => run.total_duration_ms !== null).sort((one, other) => took(other) - took(one)).slice(0, SHOWN);
}

/** @param {string} title @param {Run[]} runs @param {string} none */
function runList(title, runs, none) {
  return html`<section class="panel">
    <h3>${title}</h3>
    ${runs.length
      ? html`<ul>${runs.map(run => html`<li>
          ${statusMark(run.status, {signOnly: true})}
          <a class="id" href=${href('run', run.execution_id)}><bdi>${run.execution_id}</bdi></a>
          <span class="soft">${timeOf(millis(run.start_time))}</span>
          ${durationOf(millis(run.start_time), millis(run.end_time))}
        </li>`)}</ul>`
      : html`<p class="hint">${none}</p>`}
  </section>`;
}
