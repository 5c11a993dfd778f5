import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

// The TypeScript client rejects any event_timestamp above 2^53 - 1, that is, every real one (see
// typescript/wire.test.mjs), so these events have timestamps shortly after 1970.
const NANOSECONDS_PER_STEP = 37_000;
let clock = 1_774_864_800_000_000;

const scenarioFile = new URL('../../../server/src/test/resources/scenario.ndjson', import.meta.url);

/** The request bodies of the scenario as text, with real timestamps. */
export const scenarioText = readFileSync(scenarioFile, 'utf8').trim().split('\n');

/** The scenario's events, of all 17 types, with timestamps that every client accepts. */
export function scenario() {
  return scenarioText.map(text => {
    const { event } = JSON.parse(text);
    return { ...event, event_timestamp: tick() };
  });
}

/** Creates an event of a root execution; `more` overrides members. */
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

/** Creates a step of a custom task; `value` is its payload's value. */
export function progress(execId, value, more) {
  const payload = { type: 'json', value };
  const attributes = { custom_task_id: 'progress-1', custom_task_type: 'progress', payload };
  return anEvent(execId, 'CUSTOM_TASK_IN_PROGRESS', attributes, more);
}

export function steps(execId, count, more) {
  return Array.from({ length: count }, (_, step) => progress(execId, { step }, more));
}

/** Returns a copy of an event with a new id and a later time. */
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
