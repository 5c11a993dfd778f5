// A page on another origin follows an execution with the browser's EventSource while the server restarts.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { servePage, startBrowser } from '../support/browser.mjs';
import { eventually, PATIENCE_MS, within } from '../support/deadline.mjs';
import { completed, idsOf, progress, started, steps } from '../support/events.mjs';
import { addKey, Galerne } from '../support/galerne.mjs';
import { Publisher } from '../support/publisher.mjs';
import { scratchFolder } from '../support/scratch.mjs';

let browser, pages, page;

before(async () => {
  pages = await servePage();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  pages?.close();
});

beforeEach(async () => {
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(pages.origin);
});

afterEach(() => page?.close());

function streamOf(server, execId) {
  return `${server.url}/v1/workflows/events/stream?workflow_exec_id=${encodeURIComponent(execId)}`;
}

/** Returns the messages that the page received, with parsed data. */
async function seen() {
  const frames = await page.evaluate('seen');
  return frames.map(({ lastEventId, data }) => ({ lastEventId, ...JSON.parse(data) }));
}

function connection() {
  return page.evaluate('connection');
}

async function hasSeen(count) {
  await page.waitForFunction(least => seen.length >= least, count);
}

/** Publishes steps of the execution one by one until it is stopped. */
class SteadyPublisher {
  published = [];
  #stop = new AbortController();
  #running;

  constructor(server, execId) {
    const publisher = new Publisher(server);
    this.#running = (async () => {
      const { signal } = this.#stop;
      while (!signal.aborted) {
        const event = progress(execId, { step: this.published.length });
        await publisher.publishInTheEnd(event, AbortSignal.timeout(PATIENCE_MS * 3));
        this.published.push(event);
      }
    })();
    this.#running.catch(() => {}); // `stop` reports it
  }

  async reaches(count) {
    const enough = eventually(() => this.published.length >= count, `${count} published events`);
    await Promise.race([enough, this.#running]);
  }

  async stop() {
    this.#stop.abort();
    await within(this.#running, 'the publisher stops');
  }
}

describe('a page that follows an execution', () => {
  let server;

  before(async () => {
    server = await Galerne.start({ args: ['--cors-origin', pages.origin] });
  });

  after(() => server?.stop());

  const interruptions = {
    'shuts down cleanly': () => server.stop(),
    'is killed': () => server.kill(),
  };
  for (const [how, interrupt] of Object.entries(interruptions)) {
    it(`sees every event once and in order if the server ${how} and restarts`, async () => {
      const publisher = new SteadyPublisher(server, how);
      try {
        await page.evaluate(url => follow(url), streamOf(server, how));
        await hasSeen(30);
        await interrupt();
        const before = publisher.published.length;
        await server.startAgain();
        await publisher.reaches(before + 60);
        await page.waitForFunction(() => connection.opened >= 2);
        await hasSeen(publisher.published.length);
      } finally {
        await publisher.stop();
      }
      const last = completed(how);
      await new Publisher(server).publish(last);
      await page.waitForFunction(id => seen.at(-1).data.includes(id), last.event_id);

      const frames = await seen();
      const published = [...publisher.published, last];
      assert.deepEqual(frames.map(frame => frame.data.event_id), idsOf(published));
      assert.deepEqual(
        frames.map(frame => frame.lastEventId),
        frames.map(frame => String(frame.broker_sequence)));
      const sequences = frames.map(frame => frame.broker_sequence);
      assert.deepEqual(sequences, sequences.toSorted((one, other) => one - other));
      assert.deepEqual(sequences, await stored(how));
      assert.equal((await connection()).over, false);
    });
  }

  /** Returns the execution's sequences that the server stores. */
  async function stored(execId) {
    const path = `/v1/workflows/executions/${encodeURIComponent(execId)}/stream`;
    const response = await fetch(`${server.url}${path}?event_source=DATABASE`);
    return [...(await response.text()).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }

  it('gets nothing if its origin is not allowed', async () => {
    await new Publisher(server).publish(started('private'));
    await page.goto(pages.foreignOrigin);
    await page.evaluate(url => follow(url), streamOf(server, 'private'));
    await page.waitForFunction(() => connection.broken > 0);
    assert.deepEqual(await connection(), { opened: 0, broken: 1, over: true });
    assert.deepEqual(await seen(), []);
  });
});

describe('a page with a key', () => {
  let server, read, publish;

  before(async () => {
    const file = join(scratchFolder('keys'), 'keys.json');
    read = await addKey(file, 'acme', 'read');
    publish = await addKey(file, 'acme', 'publish');
    server = await Galerne.start({ args: ['--keys', file, '--cors-origin', pages.origin] });
  });

  after(() => server?.stop());

  it('sends the key with fetch, resumes and reads the head sequence', async () => {
    const events = steps('with-a-key', 3);
    await new Publisher(server, { apiKey: publish }).publishAll(events);
    const url = `${server.url}/v1/workflows/executions/with-a-key/stream?event_source=DATABASE`;
    const answer = await page.evaluate(
      async ([url, key]) => {
        const headers = { authorization: `Bearer ${key}`, 'last-event-id': '1' };
        const response = await fetch(url, { headers });
        const head = response.headers.get('galerne-head-sequence');
        return { status: response.status, head, text: await response.text() };
      },
      [url, read]);
    assert.equal(answer.status, 200);
    assert.equal(answer.head, '3');
    assert.deepEqual(
      [...answer.text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data).data.event_id),
      idsOf(events.slice(1)));
  });

  it('can read why the server refuses it', async () => {
    const url = `${server.url}/v1/workflows/events/list`;
    const answer = await page.evaluate(
      async ([url, key]) => {
        const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
        return { status: response.status, code: (await response.json()).code };
      },
      [url, publish]);
    assert.equal(answer.status, 403);
    assert.match(answer.code, /^WF_\d{4}$/);
  });
});
