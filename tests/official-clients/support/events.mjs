import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

// The TypeScript client rejects an event_timestamp above 2^53 - 1, that is every real one (see
// typescript/wire.test.mjs), so these events happened shortly after 1970.
const NANOSECONDS_PER_STEP = 37_000;
let clock = 1_774_864_800_000_000;

const scenarioFile = new URL('../../../server/src/test/resources/scenario.ndjson', import.meta.url);

/** The ingest bodies of the scenario as text, with their true timestamps. */
export const scenarioText = readFileSync(scenarioFile, 'utf8').trim().split('\n');

/** The scenario's events, all 17 types among them, with timestamps that every client reads. */
export function scenario() {
  return scenarioText.map(text => {
    const { event } = JSON.parse(text);
    return { ...event, event_timestamp: tick() };
  });
}

/** An event of an execution that is its own root, unless `more` says otherwise. */
export function anEvent(execId, type, attributes, more = {}) {
  return {
    event_id: randomUUID(),
    event_timestamp: tick(),
    root_workflow_exec_id: execId,
    parent_workflow_exec_id: null,
    workflow_exec_id: execId,
    workflow_run_id: `${execId}-run-1`,
    workflow_name: 'report',
    event_type: type,
    attributes,
    ...more,
  };
}

export function started(execId, more) {
  const input = { type: 'json', value: {} };
  const attributes = { task_id: '1', workflow_name: 'report', input };
  return anEvent(execId, 'WORKFLOW_EXECUTION_STARTED', attributes, more);
}

export function completed(execId, more) {
  const attributes = { task_id: '9', result: { type: 'json', value: 'done' } };
  return anEvent(execId, 'WORKFLOW_EXECUTION_COMPLETED', attributes, more);
}

/** A step of a custom task; `value` is the payload's. */
export function progress(execId, value, more) {
  const payload = { type: 'json', value };
  const attributes = { custom_task_id: 'progress-1', custom_task_type: 'progress', payload };
  return anEvent(execId, 'CUSTOM_TASK_IN_PROGRESS', attributes, more);
}

export function steps(execId, count, more) {
  return Array.from({ length: count }, (_, step) => progress(execId, { step }, more));
}

/** The same event once more: another id, a later time. */
export function again(event) {
  return { ...event, event_id: randomUUID(), event_timestamp: tick() };
}

export function idsOf(events) {
  return events.map(event => event.event_id);
}

function tick() {
  clock += NANOSECONDS_PER_STEP;
  return clock;
}
