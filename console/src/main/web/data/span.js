// @ts-check
// A span: an execution, one of its runs, an activity or a custom task. It keeps its events in order and answers queries
// as of any sequence, so going back in time needs no requests.

import {countUpTo} from './ascending.js';
import {TaskValue} from './task-value.js';

/**
 * An event of the tree.
 * @typedef {{seq: number, at: number, event: any, metadata: any}} Moment
 * `at` is when it happened, in ms since 1970
 */

/**
 * A change of status.
 * @typedef {object} Turn
 * @property {number} seq
 * @property {number} at
 * @property {string} status
 * @property {Moment} moment the event that reports it
 * @property {any} [failure] with a `message`
 * @property {number} [attempt]
 */

/** @typedef {{number: number, start: number, end: number, status: string, failure: any}} Attempt `end` is NaN while it runs */

/** @typedef {'execution' | 'run' | 'activity' | 'task'} Kind an execution with a single run is shown as that run */

const OVER = new Set(['COMPLETED', 'FAILED', 'CANCELED', 'TIMED_OUT', 'TERMINATED', 'CONTINUED_AS_NEW']);

/** @param {string} status */
export function isOver(status) {
  return OVER.has(status);
}

export class Span {
  /** @type {Span | null} */
  parent = null;
  /** By start time. @type {Span[]} */
  children = [];
  /** @type {Moment[]} */
  moments = [];
  /** @type {Turn[]} */
  turns = [];
  /** Of a run: its failed and timed-out workflow tasks. @type {Moment[]} */
  slips = [];
  /** Of a task: the events that set or change its value. @type {Moment[]} */
  states = [];
  /** Of a run: its custom tasks, in order. @type {Span[]} */
  tasks = [];
  isInternal = false;
  #started = false;
  #value = new TaskValue(this.states);

  /**
   * @param {Kind} kind @param {string} name @param {string} id of the execution, the run, the activity or the task
   * @param {Moment} first
   */
  constructor(kind, name, id, first) {
    this.kind = kind;
    this.name = name;
    this.id = id;
    this.firstSeq = first.seq;
    this.executionId = String(first.event.workflow_exec_id);
    this.runId = String(first.event.workflow_run_id);
    /** When it started, in ms since 1970; the time of its first event if its start has expired. */
    this.start = first.at;
    /** Identifies it in URLs; stable as long as its first event is stored. */
    this.key = {execution: 'x', run: 'r', activity: 'a', task: 't'}[kind] + first.seq;
  }

  /** Whether the event that reports its start is known; it may have expired. */
  get isStarted() {
    return this.#started;
  }

  /** @param {number} at */
  startAt(at) {
    this.start = at;
    this.#started = true;
  }

  /** @param {Span} child */
  add(child) {
    child.parent = this;
    let i = this.children.length;
    while (i > 0 && this.children[i - 1].start > child.start) {
      i--;
    }
    this.children.splice(i, 0, child);
  }

  /** @param {string} status @param {Moment} moment @param {any} [failure] @param {number} [attempt] */
  turn(status, moment, failure, attempt) {
    this.turns.push({seq: moment.seq, at: moment.at, status, moment, failure, attempt});
  }

  /** The last change of status up to a sequence. @param {number} seq @returns {Turn | undefined} */
  turnAt(seq) {
    return this.turns[countUpTo(this.turns, seq) - 1];
  }

  /** @param {number} seq */
  statusAt(seq) {
    return this.turnAt(seq)?.status ?? 'RUNNING';
  }

  /**
   * The displayed status. `OPEN` if its run has ended but it has not.
   * @param {number} seq
   */
  shownStatusAt(seq) {
    const status = this.statusAt(seq);
    if (isOver(status)) {
      return status;
    }
    if (this.waitsSince(seq) !== null) {
      return 'WAITING';
    }
    return this.#runIsOver(seq) ? 'OPEN' : status;
  }

  /** When it ended; NaN while it is running. It ends with its run at the latest. @param {number} seq @returns {number} */
  endAt(seq) {
    const turn = this.turnAt(seq);
    if (turn && isOver(turn.status)) {
      return turn.at;
    }
    const run = this.run();
    return run && run !== this && this.#runIsOver(seq) ? Math.max(this.start, run.endAt(seq)) : NaN;
  }

  /** @param {number} seq */
  #runIsOver(seq) {
    const run = this.run();
    return !!run && run !== this && isOver(run.statusAt(seq));
  }

  /** The run that it belongs to; a run itself. @returns {Span | null} */
  run() {
    /** @type {Span | null} */
    let span = this;
    while (span && span.kind !== 'run') {
      span = span.kind === 'execution' ? null : span.parent;
    }
    return span;
  }

  /** The failure of its last change of status; null if there is none. @param {number} seq @returns {any} */
  failureAt(seq) {
    return this.turnAt(seq)?.failure ?? null;
  }

  /** The attempts of an activity, including the one it waits for. @param {number} seq @returns {Attempt[]} */
  attemptsAt(seq) {
    /** @type {Attempt[]} */
    const attempts = [];
    for (const {seq: own, at, status, failure, attempt} of this.turns) {
      const newest = attempts.at(-1);
      if (own > seq || (newest && isOver(newest.status) && !isOver(status))) {
        break;
      } else if (status === 'RUNNING' && newest) {
        newest.start = at; // it was waiting for this attempt
        continue;
      } else if (!newest) {
        attempts.push({number: 1, start: this.start, end: NaN, status: 'RUNNING', failure: null});
      }
      if (status !== 'RUNNING') {
        const ended = /** @type {Attempt} */ (attempts.at(-1));
        ended.number = attempt ?? ended.number;
        const retries = status === 'RETRYING_AFTER_ERROR';
        Object.assign(ended, {end: at, status: retries ? 'FAILED' : status, failure});
        if (retries) {
          attempts.push({number: ended.number + 1, start: at, end: NaN, status: 'RUNNING', failure: null});
        }
      }
    }
    return attempts;
  }

  /** The payload of its input. @param {number} seq @returns {any} undefined if unknown */
  inputAt(seq) {
    const started = this.turns.find(({seq: own, moment}) => own <= seq && moment.event.event_type.endsWith('_STARTED'));
    return started?.moment.event.attributes.input;
  }

  /** The payload of its result. @param {number} seq @returns {any} undefined if there is none yet */
  resultAt(seq) {
    const turn = this.turnAt(seq);
    return turn?.status === 'COMPLETED' ? turn.moment.event.attributes.result : undefined;
  }

  /** The value of a task. @param {number} seq */
  valueAt(seq) {
    return this.#value.at(seq);
  }

  /** Since when it waits for input; null if it does not. @param {number} seq @returns {number | null} */
  waitsSince(seq) {
    if (this.kind === 'task') {
      const waits = this.name === 'wait_for_input' && this.firstSeq <= seq && !isOver(this.statusAt(seq)) && !this.#runIsOver(seq);
      return waits ? this.start : null;
    } else if (this.kind === 'run' && !isOver(this.statusAt(seq))) {
      return this.tasks.find(task => task.waitsSince(seq) !== null)?.start ?? null;
    }
    return null;
  }
}

/** All runs of one start of an execution: continued as new, retried or reset. The runs are its children. */
export class Chain extends Span {
  /** Id of the first run, even if that has expired. */
  firstRunId = '';
  /** The execution that started it. @type {string | null} */
  parentId = null;

  /** The newest run. @param {number} seq @returns {Span} */
  runAt(seq) {
    return this.children.findLast(run => run.firstSeq <= seq) ?? this.children[0];
  }

  /** @param {number} seq */
  turnAt(seq) {
    return this.runAt(seq).turnAt(seq);
  }

  /** @param {number} seq */
  waitsSince(seq) {
    return this.runAt(seq).waitsSince(seq);
  }

  /** @param {number} seq */
  inputAt(seq) {
    return this.children[0].inputAt(seq);
  }
}
