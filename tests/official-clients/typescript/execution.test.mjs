// The stream of one execution, which ends with the execution.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { clientOf } from '../support/client.mjs';
import { anEvent, completed, idsOf, scenario, started, steps } from '../support/events.mjs';
import { eventIds, reading } from '../support/feed.mjs';
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

function execution(...request) {
  return client.execution(...request);
}

function toTheEnd(...request) {
  return reading(execution(...request), feed => feed.toTheEnd());
}

function idsOfExecution(id) {
  return idsOf(events.filter(event => event.workflow_exec_id === id));
}

function canceled(id) {
  return anEvent(id, 'WORKFLOW_EXECUTION_CANCELED', { task_id: '9', reason: 'enough' });
}

function failed(id) {
  const attributes = { task_id: '9', failure: { message: 'it broke' } };
  return anEvent(id, 'WORKFLOW_EXECUTION_FAILED', attributes);
}

function continued(id) {
  return anEvent(id, 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW', {
    task_id: '8',
    new_execution_run_id: `${id}-run-2`,
    workflow_name: 'report',
    input: { type: 'json', value: {} },
  });
}

describe('an execution that has ended', () => {
  const ended = [
    'document-review-7f3a', // completed, after its child
    'fact-check-91bd', // a child that was continued as new, then completed
    'invoice.export/2026 #3', // failed
    'nightly-sync-00', // canceled
  ];
  for (const id of ended) {
    for (const source of ['DATABASE', 'HYBRID', undefined]) {
      it(`${id} is complete from ${source ?? 'the default source'}, then the stream ends`, async () => {
        assert.deepEqual(eventIds(await toTheEnd(id, source)), idsOfExecution(id));
      });
    }
  }

  for (const source of ['DATABASE', 'HYBRID']) {
    it(`resumes after lastEventId from ${source}, even after its last event`, async () => {
      const [id] = ended;
      const all = await toTheEnd(id, source);
      for (const at of [0, 11, all.length - 2, all.length - 1]) {
        const rest = eventIds(await toTheEnd(id, source, all[at].id));
        assert.deepEqual(rest, eventIds(all).slice(at + 1), `after ${at + 1} of ${all.length}`);
      }
    });
  }
});

describe('an unknown execution', () => {
  it('is an empty stream from DATABASE', async () => {
    assert.deepEqual(await toTheEnd('unheard-of', 'DATABASE'), []);
  });

  it('waits for events from HYBRID', async () => {
    const id = 'waited-for';
    await reading(execution(id, 'HYBRID'), async feed => {
      const all = [started(id), completed(id)];
      await publisher.publishAll(all);
      assert.deepEqual(eventIds(await feed.toTheEnd()), idsOf(all));
    });
  });
});

describe('a running execution', () => {
  for (const [how, last] of Object.entries({ completed, failed, canceled })) {
    it(`is followed from HYBRID and LIVE until it has ${how}`, async () => {
      const id = `under-way-${how}`;
      const before = [started(id), ...steps(id, 3)];
      const since = [...steps(id, 3), continued(id), started(id), ...steps(id, 2), last(id)];
      await publisher.publishAll(before);

      assert.deepEqual(eventIds(await toTheEnd(id, 'DATABASE')), idsOf(before));
      await reading(execution(id, 'LIVE'), live =>
        reading(execution(id, 'HYBRID'), async hybrid => {
          const stored = await hybrid.upTo(before.at(-1));
          assert.deepEqual(eventIds(stored), idsOf(before));
          await reading(execution(id, 'HYBRID', stored[1].id), async resumed => {
            await publisher.publish(completed(`another-than-${id}`));
            for (const event of since) {
              await publisher.publish(event);
            }
            assert.deepEqual(eventIds(await live.toTheEnd()), idsOf(since));
            assert.deepEqual(eventIds(await hybrid.toTheEnd()), idsOf(since));
            const rest = idsOf([...before.slice(2), ...since]);
            assert.deepEqual(eventIds(await resumed.toTheEnd()), rest);
          });
        }));
    });
  }

  it('does not end when its child ends', async () => {
    const id = 'parent';
    const child = { root_workflow_exec_id: id, parent_workflow_exec_id: id };
    await publisher.publish(started(id));
    await reading(execution(id), async feed => {
      await publisher.publishAll([started('child', child), completed('child', child)]);
      const rest = [...steps(id, 1), completed(id)];
      await publisher.publishAll(rest);
      assert.deepEqual(eventIds((await feed.toTheEnd()).slice(1)), idsOf(rest));
    });
  });
});
