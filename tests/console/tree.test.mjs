// The page and the server both fold events, the server for its traces and states. The results must be equal.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ExecutionTree } from '../../console/src/main/web/data/execution.js';
import { isOver } from '../../console/src/main/web/data/span.js';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { json, patch, Run } from './support/events.mjs';

const HISTORIES = 15;

let server, publisher;
let made = 0;

before(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
});

after(() => server?.stop());

describe('the span tree and the task values of a run', () => {
  for (let i = 0; i < HISTORIES; i++) {
    const seed = Number(process.env.GALERNE_SEED ?? Math.floor(Math.random() * 2 ** 31));
    it(`equal those of the server for the history of seed ${seed}`, async () => {
      const root = `tree-${i}-${seed}`;
      const events = history(root, randomOf(seed));
      await publisher.publishAll(events);

      const { tree, stored } = await fold(root);
      assert.equal(stored, events.length);
      const top = tree.top('');
      const answer = await get(`/v1/workflows/executions/${root}/trace/summary?include_internal_events=true`);
      assert.deepEqual(ours(top), theirs(answer.span_tree));
      for (const execution of new Set(events.map(event => event.workflow_exec_id))) {
        assert.deepEqual(held(top, execution), await states(execution));
      }
    });
  }
});

/** Creates interleaved runs: activities with retries, tasks with patches, children, continued runs, unfinished spans. */
function history(root, random) {
  const events = [];
  const open = [{ run: new Run(root, { name: 'top' }), left: 12 + random(30), activities: new Map(), tasks: new Map() }];
  events.push(open[0].run.started());
  while (open.length > 0) {
    const one = open[random(open.length)];
    one.left--;
    if (one.left <= 0) {
      open.splice(open.indexOf(one), 1);
      end(one, random, events, open);
    } else {
      step(one, random, events, open);
    }
  }
  return events;
}

function end(one, random, events, open) {
  const how = random(5);
  if (how === 0) {
    const runId = `${one.run.runId}+`;
    events.push(one.run.continuedAsNew(runId));
    const next = one.run.next(runId);
    events.push(next.started({}, { continued_run_id: one.run.runId, first_execution_run_id: one.run.runId.replace(/\+*$/, '') }));
    open.push({ run: next, left: 1 + random(8), activities: new Map(), tasks: new Map() });
  } else if (how < 4) {
    events.push([one.run.completed(), one.run.failed(), one.run.canceled()][how - 1]);
  }
}

function step(one, random, events, open) {
  const { run, activities, tasks } = one;
  const pick = map => [...map.keys()][random(map.size)];
  const what = random(9);
  if (what < 2) {
    const id = `a${++made}`;
    activities.set(id, ['search', 'write', '__internal__clean', '__emit_task'][random(4)]);
    events.push(run.activityStarted(id, activities.get(id)));
  } else if (what < 4 && activities.size > 0) {
    const id = pick(activities);
    const name = activities.get(id);
    const how = random(3);
    events.push(how === 0 ? run.activityRetrying(id, name, 1) : how === 1 ? run.activityCompleted(id, name) : run.activityFailed(id, name, 2));
    if (how > 0) {
      activities.delete(id);
    }
  } else if (what < 6) {
    const id = `t${++made}`;
    tasks.set(id, 'note');
    events.push(run.task('STARTED', id, 'note', json({ text: '', n: 0 })));
  } else if (what < 8 && tasks.size > 0) {
    const id = pick(tasks);
    const changes = [{ op: 'append', path: '/text', value: `${random(100)} ` }, { op: 'replace', path: '/n', value: random(100) }];
    const how = random(4);
    events.push(
      how < 2
        ? run.task('IN_PROGRESS', id, 'note', patch(changes[how]))
        : how === 2
          ? run.task('COMPLETED', id, 'note', json({ text: 'done' }))
          : run.task('FAILED', id, 'note', undefined, { failure: { message: 'no' } }),
    );
    if (how >= 2) {
      tasks.delete(id);
    }
  } else if (open.length < 5) {
    const child = run.child(`${run.execId}/${run.runId.length}-${++made}`, { name: 'child' });
    events.push(child.started());
    open.push({ run: child, left: 2 + random(12), activities: new Map(), tasks: new Map() });
  }
}

/** Returns a reproducible generator of integers below a bound. */
function randomOf(seed) {
  let state = seed >>> 0;
  return bound => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Builds the page's tree from the list of all events. */
async function fold(root) {
  const tree = new ExecutionTree(root, root);
  let cursor = null;
  let stored = 0;
  do {
    const query = new URLSearchParams({ root_workflow_exec_id: root, limit: '1000', ...(cursor ? { cursor } : {}) });
    const page = await get(`/v1/workflows/events/list?${query}`);
    tree.take(page.events.map(data => ({ seq: ++stored, text: '', event: { data, metadata: {} } })));
    cursor = page.next_cursor;
  } while (cursor);
  return { tree, stored };
}

async function get(path) {
  const answer = await fetch(server.url + path);
  assert.equal(answer.status, 200, path);
  return answer.json();
}

/** Converts a span of the page and its descendants to the form that this test compares. */
function ours(span) {
  if (span.kind === 'execution' && span.children.length === 1) {
    return ours(span.children[0]);
  }
  const status = span.statusAt(Infinity);
  return {
    kind: span.kind,
    id: span.id,
    name: span.name,
    ended: isOver(status),
    ...(span.kind === 'run' ? { status } : {}),
    children: span.children.map(ours).sort(byId),
  };
}

/** Converts a span of the server's trace to the same form. */
function theirs({ name, end_time_unix_nano: end, attributes: of, children }) {
  const kind = { workflow: 'run', custom_task: 'task' }[of.kind] ?? of.kind;
  return {
    kind,
    id: { run: of.run_id, execution: of.execution_id, activity: of.task_id, task: of.custom_task_id }[kind],
    name,
    ended: end !== null,
    ...(kind === 'run' ? { status: of.status } : {}),
    children: children.map(theirs).sort(byId),
  };
}

function byId(one, other) {
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

/** Returns the page's task states of an execution, by run and task. */
function held(span, execution, found = {}) {
  if (span.kind === 'task' && span.executionId === execution) {
    found[`${span.runId} ${span.id}`] = { status: span.statusAt(Infinity), value: span.valueAt(Infinity).value ?? null };
  }
  span.children.forEach(child => held(child, execution, found));
  return found;
}

async function states(execution) {
  const { tasks } = await get(`/v1/workflows/executions/${encodeURIComponent(execution)}/state`);
  return Object.fromEntries(tasks.map(task => [`${task.run_id} ${task.custom_task_id}`, { status: task.status, value: task.value }]));
}
