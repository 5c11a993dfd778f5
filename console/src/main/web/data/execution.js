// @ts-check
// Builds the tree of an execution and its descendants from their events, in log order. Parents follow the server's
// rules (RunSpans.java, Trace.java).

import {countUpTo} from './ascending.js';
import {millis} from './format.js';
import {Chain, Span, isOver} from './span.js';

/** @typedef {import('./span.js').Moment} Moment */

/**
 * @typedef {object} Known an execution of the tree
 * @property {Map<string, Span>} runs by run id
 * @property {Chain[]} chains
 */

/** Maximum number of events, and of characters of JSON. Beyond that, the page says that events are missing. */
const MOST_EVENTS = 200_000;
const MOST_CHARS = 200_000_000;

/** Maximum number of marks on the slider. */
const MOST_MARKS = 100;

/** Whether an activity is the worker's own (contract, section 10). @param {string} activity */
function isInternal(activity) {
  return activity.startsWith('__internal__') || activity.startsWith('__emit_');
}

/** @type {Record<string, string>} */
const STATUS = {
  STARTED: 'RUNNING',
  RETRYING: 'RETRYING_AFTER_ERROR',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
  TIMED_OUT: 'TIMED_OUT',
  CONTINUED_AS_NEW: 'CONTINUED_AS_NEW',
};

/** The activities and tasks in progress of one run. */
class Progress {
  /** @type {Map<string, Span>} */
  activities = new Map();
  /** @type {Map<string, Span>} */
  tasks = new Map();
  /** @type {Set<Span>} */
  underWay = new Set();
  /** @type {Set<Span>} */
  retrying = new Set();

  /**
   * The activity that a new custom task belongs to. Events do not say: it is the only running activity, or null if there
   * is none or several, or if a worker's own activity publishes the event.
   * @returns {Span | null}
   */
  activityOfTask() {
    /** @type {Span | null} */
    let only = null;
    for (const activity of this.underWay) {
      if (activity.isInternal ? activity.name.includes('emit_task') : only) {
        return null;
      }
      only = activity.isInternal ? only : activity;
    }
    return only;
  }
}

export class ExecutionTree {
  /** All kept events, in log order. @type {Moment[]} */
  moments = [];
  /** Failures, retries and cancellations, for the slider. @type {{seq: number, status: string}[]} */
  marks = [];
  /** Grows with each added span. */
  spans = 0;
  /** Whether events are missing because a limit was reached. */
  isFull = false;
  #kept = 0;
  #chars = 0;
  /** @type {Map<string, Known>} */
  #executions = new Map();
  /** @type {Map<Span, Progress>} */
  #progress = new Map();
  /** Spans by key. @type {Map<string, Span>} */
  #byKey = new Map();
  /** Chains whose parents are unknown, by the execution id of the parent. @type {Map<string, Chain[]>} */
  #orphans = new Map();
  /** Whether an execution belongs to this tree, by id. @type {Map<string, boolean>} */
  #belongs = new Map();
  /** Events of executions that may belong to the tree, by the id of the parent that decides. @type {Map<string, Moment[]>} */
  #undecided = new Map();

  /** @param {string} id @param {string} rootId id of the root of the whole tree */
  constructor(id, rootId) {
    this.id = id;
    this.isRoot = id === rootId;
  }

  /** Adds the next frames. @param {import('./stream.js').Frame[]} frames */
  take(frames) {
    for (const {seq, text, event: {data, metadata}} of frames) {
      if (this.#kept >= MOST_EVENTS || this.#chars >= MOST_CHARS) {
        this.isFull = true;
        return;
      } else if (this.#sort({seq, at: millis(data.event_timestamp), event: data, metadata})) {
        this.#kept++;
        this.#chars += text.length;
      }
    }
  }

  /** @param {string} key @returns {Span | null} */
  span(key) {
    return this.#byKey.get(key) ?? null;
  }

  /** All runs of the execution itself, in order. @returns {Span[]} */
  get runs() {
    return [...(this.#executions.get(this.id)?.runs.values() ?? [])];
  }

  /** The span that the page shows: a run, or the newest chain of the execution. @param {string} runId '' for the chain @returns {Span | null} */
  top(runId) {
    const runs = this.#executions.get(this.id)?.runs;
    return (runId ? runs?.get(runId) : this.runs.at(-1)?.parent) ?? null;
  }

  /** Executions whose parent's events have expired. @returns {Chain[]} */
  get strays() {
    return [...this.#orphans.values()].flat();
  }

  /** @param {Moment} moment @returns {boolean} whether it is kept */
  #sort(moment) {
    const {workflow_exec_id: id, parent_workflow_exec_id: parent} = moment.event;
    const belongs = this.isRoot || id === this.id || (this.#belongs.get(id) ?? (parent === null ? false : this.#belongs.get(parent)));
    if (belongs === undefined) {
      const waiting = this.#undecided.get(parent);
      if (waiting) {
        waiting.push(moment);
      } else {
        this.#undecided.set(parent, [moment]);
      }
      return true;
    }
    this.#decide(id, belongs);
    if (belongs) {
      this.#fold(moment);
    }
    return belongs;
  }

  /** @param {string} id @param {boolean} belongs */
  #decide(id, belongs) {
    if (this.#belongs.has(id)) {
      return;
    }
    this.#belongs.set(id, belongs);
    const waiting = this.#undecided.get(id);
    if (waiting) {
      this.#undecided.delete(id);
      this.#kept -= waiting.filter(moment => !this.#sort(moment)).length;
      this.moments.sort((one, other) => one.seq - other.seq);
    }
  }

  /** @param {Moment} moment */
  #fold(moment) {
    this.moments.push(moment);
    const {event_type: type, attributes} = moment.event;
    const run = this.#run(moment);
    const [, subject, verb] = /^(WORKFLOW_EXECUTION|WORKFLOW_TASK|ACTIVITY_TASK|CUSTOM_TASK)_(.+)$/.exec(type) ?? [];
    const status = STATUS[verb];
    if (subject === 'ACTIVITY_TASK') {
      this.#activity(run, moment, status);
    } else if (subject === 'CUSTOM_TASK') {
      this.#task(run, moment, status);
    } else {
      run.moments.push(moment);
      if (subject === 'WORKFLOW_TASK') {
        run.slips.push(moment);
        this.#mark(moment, 'RETRYING_AFTER_ERROR');
      } else if (status) {
        this.#runTurns(run, moment, status, attributes);
      }
    }
  }

  /** @param {Span} run @param {Moment} moment @param {string} status @param {any} attributes */
  #runTurns(run, moment, status, attributes) {
    if (status === 'RUNNING') {
      run.startAt(moment.at);
      const chain = /** @type {Chain} */ (run.parent);
      if (chain.children[0] === run) {
        chain.startAt(moment.at);
      }
      // Official workers report a continued run only by the next run's `continued_run_id`.
      const before = this.#executions.get(run.executionId)?.runs.get(moment.event.continued_run_id);
      if (before && before !== run && !isOver(before.statusAt(Infinity))) {
        before.turn('CONTINUED_AS_NEW', moment);
      }
    }
    run.turn(status, moment, failure(attributes), attributes.attempt);
    this.#mark(moment, status);
  }

  /** @param {Span} run @param {Moment} moment @param {string} status */
  #activity(run, moment, status) {
    const {task_id: id, activity_name: name, attempt, failure: why} = moment.event.attributes;
    const progress = /** @type {Progress} */ (this.#progress.get(run));
    let span = progress.activities.get(id);
    const over = !!span && isOver(span.statusAt(Infinity));
    if (!span || (status === 'RUNNING' && over)) {
      span = this.#add(new Span('activity', String(name), String(id), moment), run);
      span.isInternal = isInternal(span.name);
      progress.activities.set(id, span);
      progress.underWay.add(span);
    }
    span.moments.push(moment);
    if (!status) {
      return;
    }
    if (status === 'RUNNING' && !span.isStarted) {
      span.startAt(moment.at);
    }
    span.turn(status, moment, why, attempt);
    this.#mark(moment, status);
    if (isOver(status)) {
      progress.underWay.delete(span);
    }
    this.#settle(run, progress, span, moment, status);
  }

  /** Sets the run's status to retrying while one of its activities is. @param {Span} run @param {Progress} progress @param {Span} activity @param {Moment} moment @param {string} status */
  #settle(run, progress, activity, moment, status) {
    const before = progress.retrying.size;
    if (status === 'RETRYING_AFTER_ERROR') {
      progress.retrying.add(activity);
    } else {
      progress.retrying.delete(activity);
    }
    const after = progress.retrying.size;
    if (!before !== !after && !isOver(run.statusAt(Infinity))) {
      run.turn(after ? 'RETRYING_AFTER_ERROR' : 'RUNNING', moment);
    }
  }

  /** @param {Span} run @param {Moment} moment @param {string | undefined} status */
  #task(run, moment, status) {
    const {attributes} = moment.event;
    const {custom_task_id: id, custom_task_type: type} = attributes;
    const progress = /** @type {Progress} */ (this.#progress.get(run));
    let span = progress.tasks.get(id);
    if (!span || (status === 'RUNNING' && isOver(span.statusAt(Infinity)))) {
      span = this.#add(new Span('task', String(type), String(id), moment), progress.activityOfTask() ?? run);
      progress.tasks.set(id, span);
      run.tasks.push(span);
    }
    span.moments.push(moment);
    if ('payload' in attributes || status === 'RUNNING') {
      span.states.push(moment);
    }
    if (status) {
      if (status === 'RUNNING' && !span.isStarted) {
        span.startAt(moment.at);
      }
      span.turn(status, moment, failure(attributes));
      this.#mark(moment, status);
    }
  }

  /** The run of an event, created if needed. @param {Moment} moment @returns {Span} */
  #run(moment) {
    const {workflow_exec_id: id, workflow_run_id: runId} = moment.event;
    let known = this.#executions.get(id);
    if (!known) {
      known = {runs: new Map(), chains: []};
      this.#executions.set(id, known);
    }
    return known.runs.get(runId) ?? this.#newRun(known, moment);
  }

  /** @param {Known} known @param {Moment} moment */
  #newRun(known, moment) {
    const {event} = moment;
    const run = new Span('run', String(event.workflow_name), String(event.workflow_run_id), moment);
    const before = known.runs.get(event.first_execution_run_id) ?? known.runs.get(event.continued_run_id);
    const chain = known.chains.find(one => one.firstRunId === event.first_execution_run_id || one === before?.parent)
      ?? this.#newChain(known, moment);
    known.runs.set(run.id, run);
    this.#progress.set(run, new Progress());
    this.#add(run, chain);
    if (known.runs.size === 1) {
      const orphans = this.#orphans.get(run.executionId) ?? [];
      this.#orphans.delete(run.executionId);
      orphans.forEach(orphan => this.#attach(orphan, run.executionId));
    }
    return run;
  }

  /** @param {Known} known @param {Moment} moment */
  #newChain(known, moment) {
    const {event} = moment;
    const chain = new Chain('execution', String(event.workflow_name), String(event.workflow_exec_id), moment);
    chain.firstRunId = event.first_execution_run_id ?? event.workflow_run_id;
    chain.parentId = event.parent_workflow_exec_id;
    known.chains.push(chain);
    this.#byKey.set(chain.key, chain);
    if (event.workflow_exec_id !== this.id) {
      this.#attach(chain, event.parent_workflow_exec_id ?? this.id);
    }
    return chain;
  }

  /** Attaches an execution to the run of its parent that was running when it started. @param {Chain} chain @param {string} parentId */
  #attach(chain, parentId) {
    const runs = [...(this.#executions.get(parentId)?.runs.values() ?? [])];
    const run = runs.findLast(one => one.firstSeq <= chain.firstSeq) ?? runs[0];
    if (!run || isBelow(run, chain)) {
      this.#orphans.set(parentId, [...(this.#orphans.get(parentId) ?? []), chain]);
    } else {
      run.add(chain);
      this.spans++;
    }
  }

  /** @template {Span} T @param {T} span @param {Span} parent @returns {T} */
  #add(span, parent) {
    parent.add(span);
    this.#byKey.set(span.key, span);
    this.spans++;
    return span;
  }

  /** @param {Moment} moment @param {string} status */
  #mark({seq}, status) {
    if (['FAILED', 'TIMED_OUT', 'RETRYING_AFTER_ERROR', 'CANCELED'].includes(status) && this.marks.length < MOST_MARKS) {
      this.marks.push({seq, status});
    }
  }

  /** The last event up to a sequence. @param {number} seq @returns {Moment | undefined} */
  momentAt(seq) {
    return this.moments[countUpTo(this.moments, seq) - 1];
  }
}

/** The failure that an event's attributes describe; undefined if there is none. @param {any} attributes */
function failure({failure: why, reason, timeout_type: timeout}) {
  const message = reason ?? timeout;
  return why ?? (message ? {message} : undefined);
}

/** @param {Span} span @param {Span} above */
function isBelow(span, above) {
  for (let one = /** @type {Span | null} */ (span); one; one = one.parent) {
    if (one === above) {
      return true;
    }
  }
  return false;
}
