// Keys, namespaces and the errors of the official client.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { HTTPValidationError, SDKError } from '@mistralai/mistralai/models/errors';
import { clientOf } from '../support/client.mjs';
import { again, idsOf, scenario } from '../support/events.mjs';
import { eventIds, reading, sequences } from '../support/feed.mjs';
import { addKey, Galerne } from '../support/galerne.mjs';
import { Publisher } from '../support/publisher.mjs';
import { scratchFolder } from '../support/scratch.mjs';

const events = scenario();
const ID = 'document-review-7f3a';
let server, acme, umbra, keys;

before(async () => {
  const file = join(scratchFolder('keys'), 'keys.json');
  keys = {
    acmeRead: await addKey(file, 'acme', 'read'),
    acmePublish: await addKey(file, 'acme', 'publish'),
    umbra: await addKey(file, 'umbra', 'read', 'publish'),
  };
  server = await Galerne.start({ args: ['--keys', file] });
  acme = namespace(keys.acmeRead, keys.acmePublish);
  umbra = namespace(keys.umbra, keys.umbra);
  // The same events in both namespaces, with alternating sequences.
  for (const event of events) {
    await acme.publisher.publish(event);
    await umbra.publisher.publish(event);
  }
});

after(() => server?.stop());

function namespace(readKey, publishKey) {
  return {
    client: clientOf(server, readKey),
    publisher: new Publisher(server, { apiKey: publishKey }),
  };
}

/** Asserts that the client throws its generic error with the status and an error code of the server. */
async function refuses(calling, status) {
  await assert.rejects(calling, failure => {
    assert.ok(failure instanceof SDKError, failure);
    assert.equal(failure.statusCode, status);
    const { detail, code } = JSON.parse(failure.body);
    assert.equal(typeof detail, 'string');
    assert.match(code, /^WF_\d{4}$/);
    return true;
  });
}

const reads = {
  'the stream': client => client.stream(),
  'the stream of an execution': client => client.execution(ID),
  'the list': client => client.list(),
};

describe('the generic error', () => {
  for (const [what, read] of Object.entries(reads)) {
    it(`has status 401 if ${what} is read without a key or with an unknown one`, async () => {
      await refuses(read(clientOf(server)), 401);
      await refuses(read(clientOf(server, 'unknown')), 401);
      await refuses(read(clientOf(server, `${keys.acmeRead}x`)), 401);
    });

    it(`has status 403 if ${what} is read with a key that may only publish`, () =>
      refuses(read(clientOf(server, keys.acmePublish)), 403));
  }

  it('has status 404 for an unsupported operation', async () => {
    const { workflows } = clientOf(server, keys.acmeRead);
    await refuses(workflows.getWorkflow({ workflowIdentifier: 'report' }), 404);
  });
});

describe('the validation error', () => {
  const faulty = {
    'a non-numeric lastEventId': [
      client => client.stream({ lastEventId: 'yesterday' }),
      ['header', 'last-event-id'],
    ],
    'a non-numeric lastEventId of an execution': [
      client => client.execution(ID, 'HYBRID', 'yesterday'),
      ['query', 'last_event_id'],
    ],
    'a limit below 1': [client => client.list({ limit: 0 }), ['query', 'limit']],
    'a limit above 1000': [client => client.list({ limit: 1001 }), ['query', 'limit']],
    'an invalid cursor': [client => client.list({ cursor: 'x' }), ['query', 'cursor']],
    'two faults at once': [
      client => client.list({ limit: -5, cursor: 'x' }),
      ['query', 'limit'],
      ['query', 'cursor'],
    ],
  };
  for (const [what, [call, ...locations]] of Object.entries(faulty)) {
    it(`lists ${what}`, async () => {
      await assert.rejects(call(acme.client), failure => {
        assert.ok(failure instanceof HTTPValidationError, failure);
        assert.equal(failure.statusCode, 422);
        assert.deepEqual(failure.detail.map(({ loc }) => loc), locations);
        assert.ok(failure.detail.every(({ msg, type }) => msg && type));
        return true;
      });
    });
  }
});

describe('a namespace', () => {
  it('has its own events, even with ids that exist in another', async () => {
    for (const { client } of [acme, umbra]) {
      const items = await reading(client.stream(), feed => feed.take(events.length));
      assert.deepEqual(eventIds(items), idsOf(events));
      const page = await client.list();
      assert.deepEqual(page.events.map(event => event.eventId), idsOf(events));
    }
  });

  it('shares sequences but no events with another', async () => {
    const read = ({ client }) => reading(client.stream(), feed => feed.take(events.length));
    const [ofAcme, ofUmbra] = [await read(acme), await read(umbra)];
    const names = items => new Set(items.map(item => item.data.workflowContext.namespace));
    assert.deepEqual(names(ofAcme), new Set(['acme']));
    assert.deepEqual(names(ofUmbra), new Set(['umbra']));
    const together = [...sequences(ofAcme), ...sequences(ofUmbra)];
    assert.equal(new Set(together).size, 2 * events.length);
    const [afterFirst] = await reading(umbra.client.stream({ lastEventId: ofAcme[0].id }), feed =>
      feed.take(1));
    assert.equal(afterFirst.data.brokerSequence, ofUmbra[0].data.brokerSequence);
  });

  it('does not receive events published in another', async () => {
    const startSeq = -1;
    await reading(acme.client.stream({ startSeq }), inAcme =>
      reading(umbra.client.stream({ startSeq }), async inUmbra => {
        const published = [again(events[0]), again(events[0]), again(events[0])];
        await acme.publisher.publish(published[0]);
        await umbra.publisher.publish(published[1]);
        await acme.publisher.publish(published[2]);
        const [, second, third] = published;
        const [first] = published;
        assert.deepEqual(eventIds(await inAcme.upTo(third)), idsOf([first, third]));
        assert.deepEqual(eventIds(await inUmbra.upTo(second)), idsOf([second]));
      }));
  });

  it('has its own executions', async () => {
    const id = 'nightly-sync-00';
    const wanted = idsOf(events.filter(event => event.workflow_exec_id === id));
    for (const { client } of [acme, umbra]) {
      const items = await reading(client.execution(id), feed => feed.toTheEnd());
      assert.deepEqual(eventIds(items), wanted);
    }
  });

  it('rejects a cursor of another', async () => {
    const { nextCursor: cursor } = await acme.client.list({ limit: 5 });
    await assert.rejects(umbra.client.list({ limit: 5, cursor }), HTTPValidationError);
    const next = await acme.client.list({ limit: 5, cursor });
    assert.deepEqual(next.events.map(event => event.eventId), idsOf(events.slice(5, 10)));
  });
});
