// The page stays responsive with large runs and many runs.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../official-clients/support/deadline.mjs';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { json, patch, Run } from './support/events.mjs';

const EVENTS = 20_000;
const ACTIVITIES = 4_000;

/** The longest time for which the page may block, on a busy machine. */
const MOST_FROZEN_MS = 2_500;

let server, browser, tab;

before(async () => {
  server = await Galerne.start();
  browser = await startBrowser();
  const publisher = new Publisher(server);
  const run = new Run('large', { name: 'giant' });
  const events = [run.started(), run.task('STARTED', 'text', 'notes', json({ text: '' }))];
  for (let i = 0; i < ACTIVITIES; i++) {
    events.push(run.activityStarted(`a${i}`, `step_${i}`), run.activityCompleted(`a${i}`, `step_${i}`, i));
  }
  while (events.length < EVENTS - 1) {
    events.push(run.task('IN_PROGRESS', 'text', 'notes', patch({ op: 'append', path: '/text', value: `${events.length} ` })));
  }
  events.push(run.completed());
  for (let from = 0; from < EVENTS; from += 2_000) {
    await publisher.publishAll(events.slice(from, from + 2_000));
  }
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

/** Opens a page that records its longest task. */
async function open(path) {
  tab = await Tab.open(browser, server, { path: '/server' });
  await tab.page.evaluate(() => {
    globalThis.frozen = 0;
    new PerformanceObserver(list => {
      globalThis.frozen = Math.max(globalThis.frozen, ...list.getEntries().map(({ duration }) => duration));
    }).observe({ entryTypes: ['longtask'] });
  });
  await tab.goTo(path);
}

async function wasQuick() {
  const frozen = await tab.page.evaluate('frozen');
  assert.ok(frozen < MOST_FROZEN_MS, `the page was frozen for ${frozen} ms`);
}

describe(`a run of ${EVENTS} events`, () => {
  it('has a row for every span and renders only visible rows', async () => {
    await open('/run/large');
    const tree = tab.page.getByRole('treegrid', { name: 'Spans' });
    await tab.page.getByText('20,000 events').waitFor();
    await tab.page.locator('.run-head').getByText('Completed').waitFor();
    await eventually(async () => Number(await tree.getAttribute('aria-rowcount')) === ACTIVITIES + 3, 'every span has a row');
    assert.ok((await tab.page.locator('.span-row').count()) < 200);
    await tab.page.keyboard.press('j');
    await tree.press('End');
    await tab.page.locator('.span-row.selected').getByText(`step_${ACTIVITIES - 1}`, { exact: true }).waitFor();
    await tree.press('Home');
    await tab.page.locator('.span-row.selected').getByText('giant', { exact: true }).waitFor();
    await wasQuick();
  });

  it('goes back in time quickly', async () => {
    await open('/run/large?at=10002');
    await tab.page.locator('.run-head .title').getByText('Running').waitFor();
    const slider = tab.page.getByRole('slider', { name: 'Point in time' });
    await eventually(async () => /^Event 10002 of 20000/.test(await slider.getAttribute('aria-valuetext')), 'the slider is at the event of the link');
    await slider.press('Home');
    await eventually(async () => /^Event 1 of/.test(await slider.getAttribute('aria-valuetext')), 'the slider is at the first event');
    await slider.press('End');
    await tab.page.locator('.run-head').getByText('Completed').waitFor();
    await wasQuick();
  });

  it('does not slow down the event tail', async () => {
    await open('/events?start_seq=0');
    await tab.page.getByText('20,000 events').waitFor();
    const events = tab.page.getByRole('treegrid', { name: 'Events' });
    await events.getByText('20000', { exact: true }).waitFor();
    assert.ok((await events.getByRole('row').count()) < 200);
    await events.press('Home');
    await events.getByText('1', { exact: true }).first().waitFor();
    await wasQuick();
  });
});

describe('more runs than the page reads', () => {
  before(async () => {
    const publisher = new Publisher(server);
    const at = Date.now() - 3_600_000;
    const runs = Array.from({ length: 10_200 }, (_, i) => new Run(`many-${i}`, { name: i < 150 ? 'rare' : 'frequent', at: at + i }).started());
    for (let from = 0; from < runs.length; from += 2_000) {
      await publisher.publishAll(runs.slice(from, from + 2_000));
    }
  });

  it('show a hint, and one workflow counts all its runs', async () => {
    await open('/workflows?range=all');
    await tab.page.getByText('More than 10,000 runs started in this time').waitFor();
    await tab.page.getByRole('link', { name: 'frequent' }).click();
    const one = tab.page.getByRole('region', { name: 'frequent' });
    await one.getByText('10,050', { exact: true }).waitFor();
    await one.getByText('newest 10,000 runs').waitFor();
    await tab.goTo('/workflows/rare?range=all'); // most of its runs are older than those in the table
    await tab.page.getByRole('region', { name: 'rare' }).getByText('150', { exact: true }).waitFor();
    await wasQuick();
  });
});
