import { randomUUID } from 'node:crypto';

const MS = 1_000_000;
let newest = 0;

/** Unix time in nanoseconds, as workers send it; increases with each call. */
function nanos(ms) {
  newest = Math.max(newest + 1000, ms * MS); // a double has a resolution of 256 ns here
  return newest;
}

/**
 * Creates the events of one run, in the order of the calls. Each method returns one event for the test to publish.
 */
export class Run {
  #task = 0;

  /**
   * @param options `at`: time of the next event, in ms since 1970; the current time by default
   */
  constructor(execId, { name = 'report', runId = `${execId}:1`, root = execId, parent = null, at } = {}) {
    Object.assign(this, { execId, name, runId, root, parent, at });
  }

  /** Returns a child run of this one. */
  child(execId, options) {
    return new Run(execId, { root: this.root, parent: this.execId, ...options });
  }

  /** Returns the next run of this execution. */
  next(runId) {
    return new Run(this.execId, { ...this, runId });
  }

  /** Advances the time of a run that has `at`. */
  after(ms) {
    this.at += ms;
    return this;
  }

  event(type, attributes, more = {}) {
    return {
      event_id: randomUUID(),
      event_timestamp: this.at === undefined ? nanos(Date.now()) : this.at * MS,
      root_workflow_exec_id: this.root,
      parent_workflow_exec_id: this.parent,
      workflow_exec_id: this.execId,
      workflow_run_id: this.runId,
      workflow_name: this.name,
      event_type: type,
      attributes,
      ...more,
    };
  }

  started(input = {}, more) {
    return this.#execution('STARTED', { workflow_name: this.name, input: json(input) }, more);
  }

  completed(result = 'done') {
    return this.#execution('COMPLETED', { result: json(result) });
  }

  failed(message = 'it broke') {
    return this.#execution('FAILED', { failure: { message } });
  }

  canceled(reason = 'not needed') {
    return this.#execution('CANCELED', { reason });
  }

  continuedAsNew(runId, input = {}) {
    return this.#execution('CONTINUED_AS_NEW', { new_execution_run_id: runId, workflow_name: this.name, input: json(input) });
  }

  #execution(what, attributes, more) {
    return this.event(`WORKFLOW_EXECUTION_${what}`, { task_id: String(++this.#task), ...attributes }, more);
  }

  activityStarted(id, name, input = {}) {
    return this.#activity('STARTED', id, name, { input: json(input) });
  }

  activityRetrying(id, name, attempt, message = 'try again') {
    return this.#activity('RETRYING', id, name, { attempt, failure: { message } });
  }

  activityCompleted(id, name, result = 'done') {
    return this.#activity('COMPLETED', id, name, { result: json(result) });
  }

  activityFailed(id, name, attempt, message = 'it broke') {
    return this.#activity('FAILED', id, name, { attempt, failure: { message } });
  }

  #activity(what, task_id, activity_name, attributes) {
    return this.event(`ACTIVITY_TASK_${what}`, { task_id, activity_name, ...attributes });
  }

  /** @param payload a complete payload, such as `json(value)`, `patch(operations)` or an encrypted one */
  task(what, id, type, payload, more = {}) {
    const attributes = { custom_task_id: id, custom_task_type: type, ...(payload ? { payload } : {}), ...more };
    return this.event(`CUSTOM_TASK_${what}`, attributes);
  }
}

export function json(value) {
  return { type: 'json', value };
}

export function patch(...operations) {
  return { type: 'json_patch', value: operations };
}
