// Every filter of the stream, as the official TypeScript client sends it, alone and combined.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { clientOf } from '../support/client.mjs';
import { again, completed, idsOf, progress, scenario, started } from '../support/events.mjs';
import { eventIds, reading } from '../support/feed.mjs';
import { Galerne } from '../support/galerne.mjs';
import { Publisher } from '../support/publisher.mjs';

const ROOT = 'document-review-7f3a';
const CHILD = 'fact-check-91bd';
const GRANDCHILD = 'search-00c1';

/** The published events, in order, with the values that the server should derive for each. */
const log = [];
let server, publisher, client;

function derived(event) {
  const kind = event.event_type.split('_')[0];
  return {
    scope: kind === 'WORKFLOW' ? 'workflow' : 'activity',
    stream: kind === 'CUSTOM' ? event.attributes.custom_task_type : kind.toLowerCase(),
    activityName: kind === 'ACTIVITY' ? event.attributes.activity_name : null,
    activityId: kind === 'ACTIVITY' ? event.attributes.task_id : null,
  };
}

async function publish(event, beside = {}) {
  await publisher.publish(event, beside);
  const like = next => publish(next, beside);
  log.push({ event, metadata: {}, ...derived(event), ...beside, like });
}

/** Publishes a custom task's step with an activity context. */
async function publishWithin(activityName, activityId, event) {
  await publisher.publishStreamEvent({
    stream: event.attributes.custom_task_type,
    timestamp_unix_nano: event.event_timestamp,
    data: event,
    workflow_context: {
      namespace: 'default',
      workflow_name: event.workflow_name,
      workflow_exec_id: event.workflow_exec_id,
      parent_workflow_exec_id: event.parent_workflow_exec_id,
      root_workflow_exec_id: event.root_workflow_exec_id,
    },
    activity_context: {
      activity_name: activityName,
      activity_exec_id: activityId,
      activity_attempt_number: 1,
    },
    metadata: {},
  });
  const like = next => publishWithin(activityName, activityId, next);
  log.push({ event, metadata: {}, ...derived(event), activityName, activityId, like });
}

/**
 * Asserts that a filtered stream delivers the matching stored events, then the next matching one, and no
 * others.
 */
async function delivers(filter, matches) {
  const stored = log.filter(matches);
  assert.ok(stored.length > 0 && stored.length < log.length, 'the filter matches some events');
  await reading(client.stream(filter), async feed => {
    await publish(again(log.find(entry => !matches(entry)).event));
    const last = again(stored.at(-1).event);
    await stored.at(-1).like(last);
    assert.deepEqual(eventIds(await feed.upTo(last)), [...ids(stored), last.event_id]);
  });
}

function ids(entries) {
  return idsOf(entries.map(entry => entry.event));
}

/** The meaning of a metadata filter: the value, or its string form. */
function hasMetadata(filters) {
  return ({ metadata }) =>
    Object.entries(filters).every(
      ([key, value]) => key in metadata && String(metadata[key]) === String(value));
}

before(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
  client = clientOf(server);
  for (const event of scenario()) {
    await publish(event);
  }
  const below = {
    root_workflow_exec_id: ROOT,
    parent_workflow_exec_id: CHILD,
    workflow_name: 'search',
  };
  await publish(started(GRANDCHILD, below));
  await publishWithin('web_search', 'act-77', progress(GRANDCHILD, 1, below));
  await publish(progress(GRANDCHILD, 2, below), { stream: 'audit' });
  await publish(completed(GRANDCHILD, below));
  for (const metadata of [
    { tenant: 'acme', shard: 7, dry_run: true, ratio: 0.25 },
    { tenant: 'acme', shard: 70, dry_run: false, ratio: 0.5 },
    { tenant: 'Acme', shard: '7', dry_run: 'true' },
    { tenant: 'été & Co.', 'cost centre/€': 'R&D=1', shard: null },
    { 'tenant.acme': true },
  ]) {
    await publish(progress('tagged', metadata), { metadata });
  }
});

after(() => server?.stop());

describe('a filter alone', () => {
  const alone = [
    [{ scope: 'workflow' }, entry => entry.scope === 'workflow'],
    [{ scope: 'activity' }, entry => entry.scope === 'activity'],
    [{ activityName: 'web_search' }, entry => entry.activityName === 'web_search'],
    [{ activityName: 'send' }, entry => entry.activityName === 'send'],
    [{ activityId: '5' }, entry => entry.activityId === '5'],
    [{ activityId: 'act-77' }, entry => entry.activityId === 'act-77'],
    [{ workflowName: 'fact-check' }, ({ event }) => event.workflow_name === 'fact-check'],
    [{ workflowExecId: ROOT }, ({ event }) => event.workflow_exec_id === ROOT],
    [{ workflowExecId: CHILD }, ({ event }) => event.workflow_exec_id === CHILD],
    [
      { workflowExecId: 'invoice.export/2026 #3' },
      ({ event }) => event.workflow_exec_id === 'invoice.export/2026 #3',
    ],
    [{ parentWorkflowExecId: ROOT }, ({ event }) => event.parent_workflow_exec_id === ROOT],
    [{ parentWorkflowExecId: CHILD }, ({ event }) => event.parent_workflow_exec_id === CHILD],
    [{ stream: 'workflow' }, entry => entry.stream === 'workflow'],
    [{ stream: 'activity' }, entry => entry.stream === 'activity'],
    [{ stream: 'token' }, entry => entry.stream === 'token'],
    [{ stream: 'audit' }, entry => entry.stream === 'audit'],
    [
      { workflowEventTypes: ['ACTIVITY_TASK_RETRYING'] },
      ({ event }) => event.event_type === 'ACTIVITY_TASK_RETRYING',
    ],
    [
      { workflowEventTypes: ['WORKFLOW_EXECUTION_FAILED', 'WORKFLOW_EXECUTION_CANCELED'] },
      ({ event }) => /^WORKFLOW_EXECUTION_(FAILED|CANCELED)$/.test(event.event_type),
    ],
  ];
  for (const [filter, matches] of alone) {
    it(`${JSON.stringify(filter)} delivers only matching events`, () =>
      delivers(filter, matches));
  }

  it('rootWorkflowExecId delivers the root, its child and its grandchild', async () => {
    const ofRoot = ({ event }) => event.root_workflow_exec_id === ROOT;
    await delivers({ rootWorkflowExecId: ROOT }, ofRoot);
    const executions = log.filter(ofRoot).map(({ event }) => event.workflow_exec_id);
    assert.deepEqual(new Set(executions), new Set([ROOT, CHILD, GRANDCHILD]));
  });

  for (const filters of [
    { tenant: 'acme' },
    { tenant: 'été & Co.' },
    { 'cost centre/€': 'R&D=1' },
    { 'tenant.acme': true },
    { shard: 7 },
    { shard: '7' },
    { ratio: 0.25 },
    { dry_run: true },
    { dry_run: false },
    { tenant: 'acme', shard: 7, dry_run: true },
  ]) {
    it(`metadataFilters ${JSON.stringify(filters)} delivers events that match every key`, () =>
      delivers({ metadataFilters: filters }, hasMetadata(filters)));
  }
});

describe('combined filters', () => {
  it('deliver events that match all of them', async () => {
    await delivers(
      { rootWorkflowExecId: ROOT, scope: 'activity', workflowName: 'fact-check' },
      ({ event, scope }) =>
        event.root_workflow_exec_id === ROOT &&
        scope === 'activity' &&
        event.workflow_name === 'fact-check');
    await delivers(
      {
        workflowExecId: ROOT,
        stream: 'progress',
        workflowEventTypes: ['CUSTOM_TASK_IN_PROGRESS', 'CUSTOM_TASK_COMPLETED'],
      },
      ({ event, stream }) =>
        event.workflow_exec_id === ROOT &&
        stream === 'progress' &&
        /IN_PROGRESS|COMPLETED/.test(event.event_type));
    await delivers(
      { activityName: 'web_search', activityId: '5', parentWorkflowExecId: ROOT },
      ({ event, activityName, activityId }) =>
        activityName === 'web_search' &&
        activityId === '5' &&
        event.parent_workflow_exec_id === ROOT);
    await delivers(
      { workflowExecId: 'tagged', metadataFilters: { tenant: 'acme' }, scope: 'activity' },
      entry => entry.event.workflow_exec_id === 'tagged' && entry.metadata.tenant === 'acme');
  });

  it('work with startSeq and lastEventId', async () => {
    const matching = log.filter(({ event }) => event.workflow_exec_id === ROOT);
    const filter = { workflowExecId: ROOT };
    const stored = await reading(client.stream(filter), feed => feed.take(matching.length));
    const [third, fourth] = [stored[2].id, stored[3].id];
    const fromThird = { ...filter, startSeq: Number(third) };
    const afterThird = { ...filter, lastEventId: third };
    assert.equal((await reading(client.stream(fromThird), feed => feed.next())).id, third);
    assert.equal((await reading(client.stream(afterThird), feed => feed.next())).id, fourth);
  });
});

describe('a filter that no stored event matches', () => {
  it('delivers the first new event that matches', async () => {
    await reading(client.stream({ workflowExecId: 'not-yet-begun' }), async feed => {
      await publish(started('not-yet-begun-either'));
      const first = started('not-yet-begun');
      await publish(first);
      assert.deepEqual(eventIds(await feed.upTo(first)), [first.event_id]);
    });
  });

  it('is exact and case-sensitive', async () => {
    const close = { workflowExecId: 'Document-Review-7F3A' };
    await reading(client.stream(close), async feed => {
      await publish(again(log[0].event));
      const first = started('Document-Review-7F3A');
      await publish(first);
      assert.deepEqual(eventIds(await feed.upTo(first)), [first.event_id]);
    });
  });
});

describe('no filter, a star and an empty value', () => {
  for (const filter of [
    undefined,
    { scope: '*', stream: '*', workflowName: '*', activityId: '*', parentWorkflowExecId: '*' },
    { workflowExecId: '', rootWorkflowExecId: '', activityName: '' },
    { workflowEventTypes: [], metadataFilters: {} },
    { workflowEventTypes: null, metadataFilters: null },
  ]) {
    it(`${JSON.stringify(filter)} delivers all events`, async () => {
      const items = await reading(client.stream(filter), feed => feed.take(log.length));
      assert.deepEqual(eventIds(items), ids(log));
    });
  }
});
