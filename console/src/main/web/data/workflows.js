// @ts-check
// Statistics of workflows, from their runs: counts, failures and latencies.

import {get} from './api.js';
import {millis} from './format.js';

/**
 * @typedef {object} Run
 * @property {string} workflow_name
 * @property {string} execution_id
 * @property {string} run_id
 * @property {string} status
 * @property {string} start_time
 * @property {string | null} end_time
 * @property {number | null} total_duration_ms
 */

/**
 * @typedef {object} Summary
 * @property {string} name
 * @property {number} runs
 * @property {number} running
 * @property {number} failed
 * @property {number} ended runs that completed, failed or were canceled
 * @property {number[]} latencies of ended runs, ascending, in ms
 * @property {number} lastStart in ms since 1970
 */

const PAGE = 1000;
const MOST_PAGES = 10;

/** Maximum number of runs that are read. */
export const MOST_RUNS = PAGE * MOST_PAGES;

/**
 * Loads the newest runs that match a query.
 * @param {import('./api.js').Query} query of `/v1/workflows/runs`
 * @param {AbortSignal} signal
 * @returns {Promise<{runs: Run[], isCut: boolean}>} `isCut`: there are more
 */
export async function newestRuns(query, signal) {
  /** @type {Run[]} */
  const runs = [];
  let token = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await get('/v1/workflows/runs', {...query, page_size: PAGE, next_page_token: token}, {signal});
    runs.push(...answer.executions);
    token = answer.next_page_token;
    if (!token) {
      break;
    }
  }
  return {runs, isCut: Boolean(token)};
}

/** @param {Run[]} runs @returns {Map<string, Summary>} by name */
export function summarize(runs) {
  /** @type {Map<string, Summary>} */
  const summaries = new Map();
  for (const run of runs) {
    const name = run.workflow_name;
    const summary = summaries.get(name) ?? {name, runs: 0, running: 0, failed: 0, ended: 0, latencies: [], lastStart: -Infinity};
    summaries.set(name, summary);
    add(summary, run);
  }
  for (const {latencies} of summaries.values()) {
    latencies.sort((one, other) => one - other);
  }
  return summaries;
}

/** @param {Summary} summary @param {Run} run */
function add(summary, run) {
  summary.runs++;
  summary.lastStart = Math.max(summary.lastStart, millis(run.start_time));
  if (run.total_duration_ms === null) {
    summary.running++;
    return;
  }
  summary.latencies.push(run.total_duration_ms);
  summary.ended += run.status === 'CONTINUED_AS_NEW' ? 0 : 1;
  summary.failed += isFailed(run) ? 1 : 0;
}

/** @param {Run} run */
export function isFailed(run) {
  return run.status === 'FAILED' || run.status === 'TIMED_OUT';
}

/** @param {number} share NaN if unknown */
export function percent(share) {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
}

/** @param {number[]} sorted ascending @param {number} share such as 0.95 @returns {number} NaN if there are none */
export function quantile(sorted, share) {
  return sorted.length ? sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] : NaN;
}

/**
 * Median and 95th percentile of the runs that started in each step of a chart.
 * @param {Run[]} runs
 * @param {number[]} steps start times, ascending, in ms since 1970
 * @returns {{median: (number | null)[], p95: (number | null)[]}}
 */
export function latencySteps(runs, steps) {
  /** @type {number[][]} */
  const latencies = steps.map(() => []);
  for (const run of runs) {
    if (run.total_duration_ms !== null) {
      const start = millis(run.start_time);
      latencies[steps.findLastIndex(step => step <= start)]?.push(run.total_duration_ms);
    }
  }
  const at = (/** @type {number} */ share) =>
    latencies.map(all => (all.length ? quantile(all.sort((one, other) => one - other), share) : null));
  return {median: at(0.5), p95: at(0.95)};
}
