// Lists of stored events, page by page.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HTTPValidationError } from '@mistralai/mistralai/models/errors';
import { clientOf } from '../support/client.mjs';
import { idsOf, scenario, steps } from '../support/events.mjs';
import { Galerne } from '../support/galerne.mjs';
import { Publisher } from '../support/publisher.mjs';

const events = scenario();
let server, publisher, client;

before(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
  client = clientOf(server);
  await publisher.publishAll(events);
});

after(() => server?.stop());

function ids(page) {
  return page.events.map(event => event.eventId);
}

/** Returns all pages of a query; `between` runs after each page. */
async function pages(query, between = () => {}) {
  const read = [];
  let cursor;
  do {
    const page = await client.list({ ...query, cursor });
    read.push(page);
    cursor = page.nextCursor;
    await between();
  } while (cursor != null);
  return read;
}

describe('a list', () => {
  it('has all events in order if they fit on a page', async () => {
    const page = await client.list();
    assert.deepEqual(ids(page), idsOf(events));
    assert.equal(page.nextCursor, null);
  });

  for (const limit of [1, 7, 25, 49, 50, 1000]) {
    it(`has each event once over pages of ${limit}`, async () => {
      const read = await pages({ limit });
      assert.deepEqual(read.flatMap(ids), idsOf(events));
      assert.equal(read.length, Math.ceil(events.length / limit));
      assert.ok(read.slice(0, -1).every(page => page.events.length === limit));
    });
  }

  for (const query of [
    { rootWorkflowExecId: 'document-review-7f3a' },
    { workflowExecId: 'document-review-7f3a' },
    { workflowExecId: 'invoice.export/2026 #3' },
    { workflowRunId: '163d1415-b368-5996-9e77-8bc181d87028' },
    { rootWorkflowExecId: 'document-review-7f3a', workflowExecId: 'fact-check-91bd' },
    {
      workflowExecId: 'fact-check-91bd',
      workflowRunId: '8663deee-779b-56a8-a3e2-3007003f29e6',
    },
  ]) {
    it(`of ${JSON.stringify(query)} has the matching events, on one page or several`, async () => {
      const wanted = events.filter(
        event =>
          (query.rootWorkflowExecId ?? event.root_workflow_exec_id) ===
            event.root_workflow_exec_id &&
          (query.workflowExecId ?? event.workflow_exec_id) === event.workflow_exec_id &&
          (query.workflowRunId ?? event.workflow_run_id) === event.workflow_run_id);
      assert.ok(wanted.length > 0 && wanted.length < events.length);
      assert.deepEqual(ids(await client.list(query)), idsOf(wanted));
      const read = await pages({ ...query, limit: 2 });
      assert.deepEqual(read.flatMap(ids), idsOf(wanted));
    });
  }

  it('is empty if no event matches', async () => {
    const page = await client.list({ workflowExecId: 'unheard-of' });
    assert.deepEqual(page, { events: [], nextCursor: null });
  });

  it('has at most 100 events per page by default', async () => {
    const many = steps('many', 130);
    await publisher.publishAll(many);
    const read = await pages({ workflowExecId: 'many' });
    assert.deepEqual(read.map(page => page.events.length), [100, 30]);
    assert.deepEqual(read.flatMap(ids), idsOf(many));
  });

  it('neither skips nor repeats an event while more are appended', async () => {
    const workflowExecId = 'growing';
    const all = steps(workflowExecId, 40);
    await publisher.publishAll(all.slice(0, 10));
    let published = 10;
    const read = await pages({ workflowExecId, limit: 4 }, async () => {
      await publisher.publishAll(all.slice(published, published + 2));
      published = Math.min(published + 2, 38);
      if (published === 38) {
        await publisher.publishAll(steps('another', 1));
      }
    });
    const seen = read.flatMap(ids);
    assert.deepEqual(seen, idsOf(all.slice(0, seen.length)));
    assert.ok(seen.length >= 10);
  });
});

describe('a cursor', () => {
  it('is valid after a restart', async () => {
    const first = await client.list({ limit: 10 });
    await server.stop();
    await server.startAgain();
    const second = await client.list({ limit: 10, cursor: first.nextCursor });
    assert.deepEqual([...ids(first), ...ids(second)], idsOf(events.slice(0, 20)));
  });

  for (const [name, query] of Object.entries({
    'another query': { workflowExecId: 'document-review-7f3a' },
    'no query': { cursor: 'made-up' },
  })) {
    it(`of ${name} is a validation error`, async () => {
      const { nextCursor: cursor } = await client.list({ limit: 10 });
      await assert.rejects(client.list({ limit: 10, cursor, ...query }), failure => {
        assert.ok(failure instanceof HTTPValidationError, failure);
        assert.deepEqual(failure.detail.map(({ loc }) => loc), [['query', 'cursor']]);
        return true;
      });
    });
  }
});
