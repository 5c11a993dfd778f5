// Where a stream starts, how it continues, and how a reader resumes it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { clientOf } from '../support/client.mjs';
import { idsOf, progress, scenario, steps } from '../support/events.mjs';
import { eventIds, reading, sequences } from '../support/feed.mjs';
import { Galerne } from '../support/galerne.mjs';
import { Publisher } from '../support/publisher.mjs';

const events = scenario();
let server, publisher, client;
/** The sequences of the scenario's events. */
let given;

before(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
  client = clientOf(server);
  await publisher.publishAll(events);
  given = sequences(await reading(client.stream(), feed => feed.take(events.length)));
});

after(() => server?.stop());

function firstOf(request) {
  return reading(client.stream(request), async feed => (await feed.next()).data.brokerSequence);
}

describe('a stream starts', () => {
  it('at the first stored event, with sequence 1', () => {
    assert.equal(given[0], 1);
  });

  for (const nth of [1, 2, 17, 49, 50]) {
    it(`at event ${nth} of 50 with its sequence as startSeq`, async () => {
      const sequence = given[nth - 1];
      const rest = events.slice(nth - 1);
      const items = await reading(client.stream({ startSeq: sequence }), f => f.take(rest.length));
      assert.deepEqual(eventIds(items), idsOf(rest));
      assert.deepEqual(sequences(items), given.slice(nth - 1));
    });

    it(`after event ${nth} of 50 with its sequence as lastEventId`, async () => {
      const filter = { workflowExecId: 'resumed' };
      const next = progress(filter.workflowExecId, nth);
      const lastEventId = String(given[nth - 1]);
      await reading(client.stream({ lastEventId }), async all => {
        const rest = idsOf(events.slice(nth));
        assert.deepEqual(eventIds(await all.take(rest.length)), rest);
      });
      await reading(client.stream({ ...filter, lastEventId }), async feed => {
        await publisher.publish(next);
        assert.equal((await feed.upTo(next)).at(-1).data.data.eventId, next.event_id);
      });
    });
  }

  it('after lastEventId, regardless of startSeq', async () => {
    const lastEventId = String(given[9]);
    for (const startSeq of [0, 1, given[4], given[20], given[49] + 1_000_000, -1]) {
      assert.equal(await firstOf({ lastEventId, startSeq }), given[10], `startSeq ${startSeq}`);
    }
  });

  it('at the oldest event with startSeq 0 or without it', async () => {
    assert.equal(await firstOf({ startSeq: 0 }), given[0]);
    assert.equal(await firstOf({}), given[0]);
    assert.equal(await firstOf({ lastEventId: '0' }), given[0]);
  });

  for (const startSeq of [-1, -50]) {
    it(`at the next new event with startSeq ${startSeq}`, async () => {
      await reading(client.stream({ startSeq }), async feed => {
        const next = progress('new', startSeq);
        await publisher.publish(next);
        assert.deepEqual(eventIds(await feed.upTo(next)), [next.event_id]);
      });
    });
  }
});

describe('a stream continues from stored to live events', () => {
  it('without a gap if it is opened while events are published', async () => {
    const filter = { workflowExecId: 'busy' };
    const busy = steps(filter.workflowExecId, 300);
    const publishing = (async () => {
      for (let at = 0; at < busy.length; at += 3) {
        await publisher.publish(busy[at]);
        await publisher.publishAll(busy.slice(at + 1, at + 3));
      }
    })();
    const readAll = () =>
      reading(client.stream(filter), async feed => eventIds(await feed.upTo(busy.at(-1))));
    const readers = [readAll()];
    await reading(client.stream(filter), async pace => {
      for (let joined = 1; joined < 6; joined++) {
        await pace.take(45);
        readers.push(readAll());
      }
    });
    await publishing;
    for (const ids of await Promise.all(readers)) {
      assert.deepEqual(ids, idsOf(busy));
    }
  });

  it('for a reader that falls behind by more than the buffers hold', async () => {
    const filter = { workflowExecId: 'heavy' };
    const load = 'x'.repeat(300_000);
    const heavy = Array.from({ length: 61 }, () => progress(filter.workflowExecId, load));
    await publisher.publish(heavy[0]);
    await reading(client.stream(filter), async feed => {
      await feed.next();
      for (let at = 1; at < heavy.length; at += 10) {
        await publisher.publishAll(heavy.slice(at, at + 10));
      }
      const rest = await feed.upTo(heavy.at(-1));
      assert.deepEqual(eventIds(rest), idsOf(heavy.slice(1)));
      assert.ok(rest.every(item => item.data.data.attributes.payload.value === load));
    });
  });
});

describe('a reader resumes a stream', () => {
  it('any number of times without missing or repeating events', async () => {
    let lastEventId = '0';
    const read = [];
    for (const count of [1, 2, 3, 5, 8, 13, 18]) {
      const items = await reading(client.stream({ lastEventId }), feed => feed.take(count));
      read.push(...eventIds(items));
      lastEventId = items.at(-1).id;
    }
    assert.deepEqual(read, idsOf(events));
  });

  for (const [how, end] of Object.entries({
    'a clean shutdown, which ends the stream without an error': feed =>
      Promise.all([feed.toTheEnd(), server.stop()]),
    'a crash, which breaks the connection': feed => Promise.all([feed.torn(), server.kill()]),
  })) {
    it(`after ${how}`, async () => {
      const filter = { workflowExecId: how };
      const all = steps(filter.workflowExecId, 4);
      const seen = await reading(client.stream(filter), async feed => {
        await publisher.publishAll(all.slice(0, 2));
        const first = await feed.upTo(all[1]);
        const [more = []] = await end(feed);
        assert.deepEqual(more, []);
        return first;
      });
      await server.startAgain();
      await publisher.publishAll(all.slice(2));
      const resumed = client.stream({ ...filter, lastEventId: seen.at(-1).id });
      const rest = await reading(resumed, feed => feed.upTo(all[3]));
      assert.deepEqual(eventIds([...seen, ...rest]), idsOf(all));
    });
  }
});
