// @ts-check
// A list of runs that stays up to date: pages of GET /v1/workflows/runs, and the stream on top of them.

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
 * @property {string} startTime the same, exactly
 * @property {number} end NaN while it is under way
 * @property {Doing | null} doing what it is doing now; null if nobody knows, or it has ended
 * @property {boolean} asked whether the server was asked what it is doing
 * @property {number} version grows with every change, so that rows that stayed the same are not rendered again
 */

/**
 * @typedef {object} Doing
 * @property {Map<string, Task>} tasks activities and custom tasks under way, by kind and id
 */

/** @typedef {{name: string, since: number, retries: number, progress: number | null, waiting: string | null, internal: boolean}} Task */

/** Activities of the worker itself (contract, section 10). @param {string} name */
export const isInternal = name => name.startsWith('__internal__') || name.startsWith('__emit_');

const PAGE_SIZE = 50;

/** A page that follows new runs all day keeps the newest so many, and loads older ones again when asked to. */
const MOST_FOLLOWED = 100;
const KEPT = 50;

/** Runs that wait to be shown while somebody reads. */
const MOST_FRESH = 1_000;

/** Runs that are looked into at a time, to say what they are doing. */
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

/** The status to show: a run that waits for input says so. @param {Run} run */
export function shownStatus(run) {
  return !isOver(run) && tasksOf(run).some(task => task.waiting !== null) ? 'WAITING' : run.status;
}

/** What is under way, the worker's own activities left out. @param {Run} run @returns {Task[]} */
export function tasksOf(run) {
  return run.doing && !isOver(run) ? [...run.doing.tasks.values()].filter(task => !task.internal) : [];
}

export class RunList {
  /** @type {Run[]} */
  runs = [];
  /** Runs that came meanwhile and are not shown yet. @type {Run[]} */
  fresh = [];
  /** @type {string | null} */
  nextPage = null;
  loading = false;
  /** Where older runs continue after some were dropped: the start of the oldest one that is left. */
  #before = '';
  #isDropped = false;
  /** @type {Error | null} */
  error = null;
  /** @type {Map<string, Run>} by run id, those of `fresh` too */
  #byId = new Map();
  #abort = new AbortController();
  /** @type {Run[]} */
  #toAsk = [];
  #asking = 0;
  /** Events that came while the first page was under way. @type {any[] | null} */
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

  /** Gives up all requests. */
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

  /** Shows the runs that came meanwhile. */
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
   * A run that this event brings into the list; undefined if it is not of it, or on a page not loaded yet.
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
      this.#fetch(event.workflow_run_id); // it began before it was of the list
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
      return; // without a filter, it is on an older page
    }
    try {
      const run = runOf(await get(`/v1/workflows/runs/${encodeURIComponent(runId)}`, {}, {signal: this.#abort.signal}));
      if (!this.#byId.has(runId) && this.#isInTime(run)) {
        this.#byId.set(runId, run);
        this.fresh.unshift(run);
        this.changed();
      }
    } catch {
      // it has expired, or the page was left
    }
  }

  /** Whether a run is of the list that this event brings to a status. @param {any} event @param {string} status */
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

  /** Asks the server what a run is doing that began before the page was opened. @param {Run[]} visible */
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
      // What the stream has said meanwhile is newer.
      run.doing = {tasks: new Map([...tasks, ...(run.doing?.tasks ?? [])])};
    } catch {
      // it has expired, or the page was left: the list says nothing about it
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

/** What a custom task's value says in a list. @param {string} type @param {any} value @returns {Partial<Task>} */
function shown(type, value) {
  const progress = progressOf(value);
  return {...(progress === null ? {} : {progress}), ...(type === 'wait_for_input' ? {waiting: labelOf(value)} : {})};
}

/** What a task asks for that waits for input. @param {any} value */
function labelOf(value) {
  return typeof value?.label === 'string' ? value.label : '';
}

/** The share that is done, from 0 to 1; null if the value does not tell. @param {any} value */
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

/** Progress that a payload or a patch tells. @param {any} payload @returns {Partial<Task>} */
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
