import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const REQUEST_MS = 10_000;

/** Publishes over plain HTTP, as the official clients only read. */
export class Publisher {
  #server;
  #headers;

  /** @param server its URL is read for each request, so it may restart in between */
  constructor(server, { apiKey } = {}) {
    this.#server = server;
    this.#headers = { 'content-type': 'application/json' };
    if (apiKey) {
      this.#headers.authorization = `Bearer ${apiKey}`;
    }
  }

  /** @param beside `stream` or `metadata` of the stream event */
  async publish(event, beside = {}) {
    await this.publishText(JSON.stringify({ event, ...beside }));
  }

  /** @param body sent unchanged, for numbers that JavaScript cannot represent */
  async publishText(body) {
    const answer = await this.#post('/v1/workflows/events', body);
    assert.deepEqual(answer, { status: 'success', message: null });
  }

  /** @param events events, or items with `event`, `stream` and `metadata` */
  async publishAll(events) {
    const answer = await this.#post('/v1/workflows/events/batch', JSON.stringify({ events }));
    assert.deepEqual(answer, { status: 'success', message: null, events_received: events.length });
  }

  /** Publishes a complete stream event, like early workers, and returns its sequence. */
  async publishStreamEvent(event) {
    const path = '/v1/workflows/executions/stream';
    const answer = await this.#post(path, JSON.stringify({ event }));
    return answer.broker_sequence;
  }

  /** Publishes an event and retries while the server is unavailable; its event_id makes that safe. */
  async publishInTheEnd(event, signal) {
    for (;;) {
      try {
        return await this.publish(event);
      } catch (failure) {
        if (failure instanceof assert.AssertionError && failure.actual !== 503) {
          throw failure;
        }
        signal.throwIfAborted();
        await sleep(20);
      }
    }
  }

  async #post(path, body) {
    const response = await fetch(this.#server.url + path, {
      method: 'POST',
      headers: this.#headers,
      body,
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    assert.equal(response.status, 200, `${response.status} ${text}`);
    return JSON.parse(text);
  }
}
