import assert from 'node:assert/strict';
import { within } from './deadline.mjs';

/**
 * A stream that the official client opened, read item by item. Every item is checked for what holds on
 * any stream of this server: an event with data, its sequence as id, in ascending order.
 */
export class Feed {
  #reader;
  #last = 0;
  #items = 0;

  /** @param opening what the client's method returned: a promise of its event stream */
  static async open(opening) {
    const feed = new Feed();
    const stream = await within(opening, 'the stream opens');
    feed.#reader = stream.getReader();
    return feed;
  }

  /** The next item as the client yields it; fails where the stream ends. */
  async next() {
    const { done, value } = await within(this.#reader.read(), 'the next item of the stream');
    assert.ok(!done, `the stream ended after ${this.#items} items`);
    this.#check(value);
    return value;
  }

  #check(item) {
    const shown = JSON.stringify(item);
    assert.ok(item.data?.data, `an item has an event: ${shown}`);
    assert.equal(item.event, undefined, `no named event: ${shown}`);
    assert.equal(item.id, String(item.data.brokerSequence), `the id is the sequence: ${shown}`);
    assert.ok(item.data.brokerSequence > this.#last, `after ${this.#last}: ${shown}`);
    assert.equal(typeof item.retry, this.#items === 0 ? 'number' : 'undefined', shown);
    this.#last = item.data.brokerSequence;
    this.#items++;
  }

  async take(count) {
    const items = [];
    while (items.length < count) {
      items.push(await this.next());
    }
    return items;
  }

  /** All items up to the one of that event, which is the last. */
  async upTo(event) {
    const items = [];
    do {
      items.push(await this.next());
    } while (items.at(-1).data.data.eventId !== event.event_id);
    return items;
  }

  /** All items until the server ends the stream. */
  async toTheEnd() {
    const items = [];
    for (;;) {
      const { done, value } = await within(this.#reader.read(), 'the stream continues or ends');
      if (done) {
        return items;
      }
      this.#check(value);
      items.push(value);
    }
  }

  /** Reads until the connection is torn, which the client must not take for an end. */
  async torn() {
    await assert.rejects(this.toTheEnd(), /terminated/);
  }

  async close() {
    await this.#reader.cancel();
  }
}

/** Opens a stream, reads from it and closes it, whatever happens. */
export async function reading(opening, read) {
  const feed = await Feed.open(opening);
  try {
    return await read(feed);
  } finally {
    await feed.close().catch(() => {}); // a stream that failed says so again
  }
}

export function eventIds(items) {
  return items.map(item => item.data.data.eventId);
}

export function sequences(items) {
  return items.map(item => item.data.brokerSequence);
}
