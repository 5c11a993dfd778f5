import assert from 'node:assert/strict';
import { within } from './deadline.mjs';

/**
 * Reads a stream of the official client item by item. Checks what holds for every stream of this server:
 * each item has an event, its sequence is the id, and sequences ascend.
 */
export class Feed {
  #reader;
  #last = 0;
  #items = 0;

  /** @param opening a promise of the client's event stream */
  static async open(opening) {
    const feed = new Feed();
    const stream = await within(opening, 'opening of the stream');
    feed.#reader = stream.getReader();
    return feed;
  }

  /** Returns the next item; fails if the stream ends. */
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

  /** Returns all items up to an event, inclusive. */
  async upTo(event) {
    const items = [];
    do {
      items.push(await this.next());
    } while (items.at(-1).data.data.eventId !== event.event_id);
    return items;
  }

  /** Returns all items until the server ends the stream. */
  async toTheEnd() {
    const items = [];
    for (;;) {
      const { done, value } = await within(this.#reader.read(), 'the next item or the end of the stream');
      if (done) {
        return items;
      }
      this.#check(value);
      items.push(value);
    }
  }

  /** Reads until the connection breaks, which the client must not treat as the end. */
  async torn() {
    await assert.rejects(this.toTheEnd(), /terminated/);
  }

  async close() {
    await this.#reader.cancel();
  }
}

/** Opens a stream, reads from it and always closes it. */
export async function reading(opening, read) {
  const feed = await Feed.open(opening);
  try {
    return await read(feed);
  } finally {
    await feed.close().catch(() => {}); // a failed stream fails again
  }
}

export function eventIds(items) {
  return items.map(item => item.data.data.eventId);
}

export function sequences(items) {
  return items.map(item => item.data.brokerSequence);
}
