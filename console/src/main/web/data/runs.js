// @ts-check
// A live list of runs: pages of GET /v1/workflows/runs, updated by the event stream.

import {executionPath, get} from './api.js';
import {millis} from './format.js';

/**
 * @typedef {object} Run
 * @property {string} runId
 * @property {string} executionId
 * @property {string} workflow
 * @property {string | null} parent
 * @property {string} root
 * @property {string} status
 * @property {number} start ms since 1970
 * @property {string} startTime the same, unrounded
 * @property {number} end NaN while it is running
 * @property {Doing | null} doing what it is doing now; null if unknown or if it has ended
 * @property {boolean} asked whether the server was asked for `doing`
 * @property {number} version grows with each change, so unchanged rows are not rendered again
 */

/**
 * @typedef {object} Doing
 * @property {Map<string, Task>} tasks running activities and custom tasks, by kind and id
 */

/** @typedef {{name: string, since: number, retries: number, progress: number | null, waiting: string | null, internal: boolean}} Task */

/** Whether an activity is the worker's own (contract, section 10). @param {string} name */
export const isInternal = name => name.startsWith('__internal__') || name.startsWith('__emit_');

const PAGE_SIZE = 50;

/** If a page that follows new runs has more than this, it keeps the newest `KEPT` and reloads older ones on demand. */
const MOST_FOLLOWED = 100;
const KEPT = 50;

/** Maximum number of new runs held back while the user reads. */
const MOST_FRESH = 1_000;

/** Maximum number of runs whose details are requested at a time. */
const MOST_ASKED = 4;

const ENDS = /** @type {Record<string, string>} */ ({
  WORKFLOW_EXECUTION_COMPLETED: 'COMPLETED',
  WORKFLOW_EXECUTION_FAILED: 'FAILED',
  WORKFLOW_EXECUTION_CANCELED: 'CANCELED',
  WORKFLOW_EXECUTION_CONTINUED_AS_NEW: 'CONTINUED_AS_NEW',
});

/** @param {any} json @returns {Run} */
function runOf(json) {
  return {
    runId: json.run_id,
    executionId: json.execution_id,
    workflow: json.workflow_name,
    parent: json.parent_execution_id,
    root: json.root_execution_id,
    status: json.status,
    start: millis(json.start_time),
    startTime: json.start_time,
    end: json.end_time === null ? NaN : millis(json.end_time),
    doing: null,
    asked: false,
    version: 0,
  };
}

/** @param {Run} run */
export const isOver = run => !['RUNNING', 'RETRYING_AFTER_ERROR'].includes(run.status);

/** The displayed status: `WAITING` if the run waits for input. @param {Run} run */
export function shownStatus(run) {
  return !isOver(run) && tasksOf(run).some(task => task.waiting !== null) ? 'WAITING' : run.status;
}

/** The running tasks, without the worker's own activities. @param {Run} run @returns {Task[]} */
export function tasksOf(run) {
  return run.doing && !isOver(run) ? [...run.doing.tasks.values()].filter(task => !task.internal) : [];
}

export class RunList {
  /** @type {Run[]} */
  runs = [];
  /** New runs that are not shown yet. @type {Run[]} */
  fresh = [];
  /** @type {string | null} */
  nextPage = null;
  loading = false;
  /** The start time from which older runs are loaded again after some were dropped. */
  #before = '';
  #isDropped = false;
  /** @type {Error | null} */
  error = null;
  /** @type {Map<string, Run>} by run id, including those of `fresh` */
  #byId = new Map();
  #abort = new AbortController();
  /** @type {Run[]} */
  #toAsk = [];
  #asking = 0;
  /** Events received before the first page; null once it is loaded. @type {any[] | null} */
  #early = [];

  /**
   * @param {import('./api.js').Query} query filters and order of the list
   * @param {() => void} changed
   */
  constructor(query, changed) {
    this.query = query;
    this.changed = changed;
    this.newestFirst = (query.sort_by ?? 'start_time') === 'start_time' && (query.order ?? 'desc') === 'desc';
  }

  /** Whether there are older runs to load. */
  get hasOlder() {
    return this.nextPage !== null || this.#isDropped;
  }

  /** Aborts all requests. */
  close() {
    this.#abort.abort();
  }

  /** Loads the first page or the next one. */
  async load() {
    if (this.loading || (this.runs.length > 0 && !this.hasOlder)) {
      return;
    }
    this.loading = true;
    this.error = null;
    this.changed();
    try {
      const from = this.#before ? {start_time_before: this.#before} : {};
      const page = await get('/v1/workflows/runs', {...this.query, ...from, page_size: PAGE_SIZE, next_page_token: this.nextPage}, {
        signal: this.#abort.signal,
      });
      for (const json of page.executions) {
        this.#add(json);
      }
      this.nextPage = page.next_page_token;
      this.#isDropped = false;
      const early = this.#early ?? [];
      this.#early = null;
      early.forEach(event => this.#see(event));
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        this.error = /** @type {Error} */ (error);
      }
    } finally {
      this.loading = false;
      this.changed();
    }
  }

  /** @param {any} json */
  #add(json) {
    const known = this.#byId.get(json.run_id);
    if (known) {
      if (this.fresh.includes(known)) {
        this.fresh.splice(this.fresh.indexOf(known), 1);
        this.runs.push(known);
      }
      return;
    }
    const run = runOf(json);
    this.#byId.set(run.runId, run);
    this.runs.push(run);
  }

  /** Shows the new runs. */
  showFresh() {
    if (this.fresh.length === 0) {
      return;
    }
    this.runs.unshift(...this.fresh);
    this.fresh = [];
    if (this.newestFirst && this.runs.length > MOST_FOLLOWED) {
      this.runs.splice(KEPT).forEach(run => this.#byId.delete(run.runId));
      this.#before = this.runs[KEPT - 1].startTime;
      this.nextPage = null;
      this.#isDropped = true;
    }
  }

  /** @param {import('./stream.js').Frame[]} frames */
  see(frames) {
    for (const {event} of frames) {
      if (this.#early) {
        this.#early.push(event);
      } else {
        this.#see(event);
      }
    }
    this.changed();
  }

  /** @param {any} streamEvent */
  #see({data: event, timestamp}) {
    const run = this.#byId.get(event.workflow_run_id) ?? this.#comer(event, timestamp);
    if (run) {
      fold(run, event);
      run.version++;
    }
  }

  /**
   * Adds the run of an event to the list; undefined if it does not match or is on a page that is not loaded.
   * @param {any} event @param {string} timestamp
   */
  #comer(event, timestamp) {
    const type = event.event_type;
    if (!this.newestFirst || this.query.end_time_after || this.query.end_time_before || this.fresh.length >= MOST_FRESH) {
      return undefined;
    }
    const status = ENDS[type] ?? (type === 'WORKFLOW_EXECUTION_STARTED' ? 'RUNNING' : '');
    if (!status || !this.#matches(event, status)) {
      return undefined;
    } else if (status !== 'RUNNING') {
      this.#fetch(event.workflow_run_id); // it started before it matched the filter
      return undefined;
    }
    const run = runOf({run_id: event.workflow_run_id, execution_id: event.workflow_exec_id, workflow_name: event.workflow_name,
      parent_execution_id: event.parent_workflow_exec_id, root_execution_id: event.root_workflow_exec_id, status,
      start_time: timestamp, end_time: null});
    if (!this.#isInTime(run)) {
      return undefined;
    }
    run.doing = {tasks: new Map()};
    run.asked = true;
    this.#byId.set(run.runId, run);
    this.fresh.unshift(run);
    return run;
  }

  /** @param {string} runId */
  async #fetch(runId) {
    const statuses = this.query.status;
    if (!Array.isArray(statuses) || statuses.length === 0) {
      return; // without a status filter, it is on an older page
    }
    try {
      const run = runOf(await get(`/v1/workflows/runs/${encodeURIComponent(runId)}`, {}, {signal: this.#abort.signal}));
      if (!this.#byId.has(runId) && this.#isInTime(run)) {
        this.#byId.set(runId, run);
        this.fresh.unshift(run);
        this.changed();
      }
    } catch {
      // it has expired, or the request was aborted
    }
  }

  /** Whether the run of an event matches the filters in its new status. @param {any} event @param {string} status */
  #matches(event, status) {
    const {workflow_identifier: name, root_execution_id: root, search} = this.query;
    const text = `${event.workflow_name}\n${event.workflow_exec_id}\n${event.workflow_run_id}`.toLowerCase();
    const statuses = Array.isArray(this.query.status) ? this.query.status : [];
    return (
      (!name || event.workflow_name === name) &&
      (!root || event.root_workflow_exec_id === root) &&
      (!search || text.includes(String(search).toLowerCase())) &&
      (statuses.length === 0 || statuses.includes(status))
    );
  }

  /** @param {Run} run */
  #isInTime({start}) {
    const {start_time_before: before, start_time_after: after} = this.query;
    return (!before || start <= Date.parse(String(before))) && (!after || start >= Date.parse(String(after)));
  }

  /** Requests what runs are doing that started before the page was opened. @param {Run[]} visible */
  look(visible) {
    for (const run of visible) {
      if (!run.asked && !isOver(run)) {
        run.asked = true;
        this.#toAsk.push(run);
      }
    }
    while (this.#asking < MOST_ASKED && this.#toAsk.length > 0) {
      this.#ask(/** @type {Run} */ (this.#toAsk.shift()));
    }
  }

  /** @param {Run} run */
  async #ask(run) {
    this.#asking++;
    try {
      const options = {signal: this.#abort.signal};
      const [trace, state] = await Promise.all([
        get(executionPath(run.executionId, '/trace/events'), {merge_same_id_events: true}, options),
        get(executionPath(run.executionId, '/state'), {}, options),
      ]);
      const tasks = new Map();
      for (const span of trace.events) {
        const {kind, run_id: runId, task_id: activity, custom_task_id: task} = span.attributes ?? {};
        if (span.status === 'RUNNING' && kind !== 'workflow' && (!runId || runId === run.runId)) {
          tasks.set(activity ? `a ${activity}` : `t ${task}`, taskOf(span.name, span.start_time_unix_ms));
        }
      }
      for (const task of state.tasks) {
        const known = tasks.get(`t ${task.custom_task_id}`);
        if (known && task.status === 'RUNNING') {
          Object.assign(known, shown(task.custom_task_type, task.value));
        }
      }
      // Tasks from the stream are newer.
      run.doing = {tasks: new Map([...tasks, ...(run.doing?.tasks ?? [])])};
    } catch {
      // it has expired, or the request was aborted
    } finally {
      this.#asking--;
      run.version++;
      this.changed();
      this.look([]);
    }
  }
}

/** @param {string} name @param {number} since @returns {Task} */
function taskOf(name, since) {
  return {name, since, retries: 0, progress: null, waiting: null, internal: isInternal(name)};
}

/** The parts of a custom task's value that the list shows. @param {string} type @param {any} value @returns {Partial<Task>} */
function shown(type, value) {
  const progress = progressOf(value);
  return {...(progress === null ? {} : {progress}), ...(type === 'wait_for_input' ? {waiting: labelOf(value)} : {})};
}

/** The label of a task that waits for input. @param {any} value */
function labelOf(value) {
  return typeof value?.label === 'string' ? value.label : '';
}

/** The completed share, from 0 to 1; null if the value has none. @param {any} value */
export function progressOf(value) {
  const done = Number(value?.progress_idx);
  const total = Number(value?.progress_total);
  return total > 0 && done >= 0 ? Math.min(1, done / total) : null;
}

/** @param {Run} run @param {any} event */
function fold(run, event) {
  const {event_type: type, attributes = {}} = event;
  if (ENDS[type]) {
    run.status = ENDS[type];
    run.end = millis(event.event_timestamp);
    run.doing = null;
    return;
  } else if (isOver(run)) {
    return;
  }
  run.doing ??= {tasks: new Map()};
  const tasks = run.doing.tasks;
  if (type.startsWith('ACTIVITY_TASK_')) {
    const key = `a ${attributes.task_id}`;
    const task = tasks.get(key) ?? taskOf(attributes.activity_name, millis(event.event_timestamp));
    if (type.endsWith('_COMPLETED') || type.endsWith('_FAILED')) {
      tasks.delete(key);
    } else {
      task.retries = type.endsWith('_RETRYING') ? task.retries + 1 : task.retries;
      tasks.set(key, task);
    }
    run.status = [...tasks.values()].some(one => one.retries > 0) ? 'RETRYING_AFTER_ERROR' : 'RUNNING';
  } else if (type.startsWith('CUSTOM_TASK_')) {
    const key = `t ${attributes.custom_task_id}`;
    if (!type.endsWith('_STARTED') && !type.endsWith('_IN_PROGRESS')) {
      tasks.delete(key);
      return;
    }
    const task = tasks.get(key) ?? taskOf(attributes.custom_task_type, millis(event.event_timestamp));
    Object.assign(task, progressIn(attributes.payload), attributes.custom_task_type === 'wait_for_input' ? {waiting: labelOf(attributes.payload?.value)} : {});
    tasks.set(key, task);
  }
}

/** The progress in a payload or a patch. @param {any} payload @returns {Partial<Task>} */
function progressIn(payload) {
  const value = payload?.value;
  if (payload?.type !== 'json_patch') {
    const progress = progressOf(value);
    return progress === null ? {} : {progress};
  }
  const patched = /** @type {Record<string, any>} */ ({});
  for (const operation of Array.isArray(value) ? value : []) {
    if (['', '/'].includes(operation.path)) {
      Object.assign(patched, operation.value);
    } else {
      patched[String(operation.path).slice(1)] = operation.value;
    }
  }
  const progress = progressOf(patched);
  return progress === null ? {} : {progress};
}
