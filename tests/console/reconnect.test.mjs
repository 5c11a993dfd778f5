// An open page while the server restarts.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { eventually, PATIENCE_MS } from '../official-clients/support/deadline.mjs';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { SERVER_AWAY, startBrowser, Tab, UNAVAILABLE } from './support/browser.mjs';
import { json, Run } from './support/events.mjs';

/** A page that has been disconnected for long retries every fifteen seconds. */
const UNTIL_BACK_MS = 60_000;

let server, publisher, browser, tab;

before(async () => {
  browser = await startBrowser();
});

after(() => browser?.close());

beforeEach(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
});

afterEach(async () => {
  try {
    await tab?.close();
  } finally {
    tab = undefined;
    await server?.stop();
  }
});

async function open(path) {
  tab = await Tab.open(browser, server, { path, expects: [SERVER_AWAY, UNAVAILABLE] });
  await tab.page.getByText('Live', { exact: true }).waitFor();
  tab.page.setDefaultTimeout(UNTIL_BACK_MS);
}

const interruptions = {
  'shuts down cleanly': () => server.stop(),
  'is killed': () => server.kill(),
};

for (const [how, interrupt] of Object.entries(interruptions)) {
  describe(`when the server ${how} and restarts`, () => {
    it('the table of runs shows the disconnection, then each missed run once', async () => {
      await publisher.publish(new Run('before').started());
      await open('/runs');
      await tab.page.getByRole('button', { name: 'Copy the execution id before' }).waitFor();
      await interrupt();
      await tab.page.getByText(/^Disconnected for /).waitFor();
      await server.startAgain();
      await publisher.publish(new Run('after').started());
      await tab.page.getByRole('button', { name: 'Copy the execution id after' }).waitFor();
      await tab.page.getByText('Live', { exact: true }).waitFor();
      assert.equal(await tab.page.getByRole('row').count(), 3);
    });

    it('the page neither loses nor repeats an event', async () => {
      await open('/runs');
      await tab.page.evaluate(async () => {
        const { base } = document.querySelector('galerne-console').dataset;
        const { EventStream } = await import(new URL(`${base}/data/stream.js`, document.baseURI).href);
        globalThis.seen = [];
        globalThis.states = [];
        new EventStream({
          onFrames: frames => globalThis.seen.push(...frames.map(({ seq, event }) => [seq, event.data.event_id])),
          onState: ({ phase }) => globalThis.states.push(phase),
        }).start();
      });
      const published = [];
      const stop = new AbortController();
      const run = new Run('steady');
      const publishing = (async () => {
        for (let step = 0; !stop.signal.aborted; step++) {
          const event = run.task('IN_PROGRESS', 'p', 'progress', json({ step }));
          await publisher.publishInTheEnd(event, AbortSignal.timeout(PATIENCE_MS * 3));
          published.push(event.event_id);
          await sleep(2); // a steady rate, not the maximum
        }
      })();
      publishing.catch(() => {}); // awaited below
      const reaches = count => Promise.race([eventually(() => published.length >= count, `${count} events`), publishing]);
      try {
        await reaches(50);
        await interrupt();
        const before = published.length;
        await server.startAgain();
        await reaches(before + 50);
      } finally {
        stop.abort();
        await publishing;
      }
      const last = run.completed();
      await publisher.publish(last);
      published.push(last.event_id);
      await tab.page.waitForFunction(id => globalThis.seen.at(-1)?.[1] === id, last.event_id);
      const seen = await tab.page.evaluate('seen');
      assert.deepEqual(seen.map(([, id]) => id), published);
      const sequences = seen.map(([seq]) => seq);
      assert.deepEqual(sequences, [...new Set(sequences)].sort((one, other) => one - other));
      assert.ok((await tab.page.evaluate('states')).includes('lost'));
    });
  });
}

describe('a page that was left open', () => {
  it('starts over if the server has a different log', async () => {
    await publisher.publish(new Run('of the old log').started());
    await open('/runs');
    await tab.page.getByRole('button', { name: 'Copy the execution id of the old log' }).waitFor();
    await server.stop();
    const other = await Galerne.start({ port: server.port });
    try {
      await new Publisher(other).publish(new Run('of the new log').started());
      await tab.page.getByRole('button', { name: 'Copy the execution id of the new log' }).waitFor();
      assert.equal(await tab.page.getByRole('button', { name: 'Copy the execution id of the old log' }).count(), 0);
    } finally {
      await other.stop();
    }
  });
});
