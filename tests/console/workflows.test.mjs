import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../official-clients/support/deadline.mjs';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { Run } from './support/events.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let server, publisher, browser, tab;

/** Publishes a run that started `ago` and took `took`, both in ms; without `end` it is still running. */
async function publishRun(execId, name, ago, took, end) {
  const run = new Run(execId, { name, at: Date.now() - ago });
  const events = [run.started()];
  if (end) {
    run.after(took);
    events.push(run[end]());
  }
  await publisher.publishAll(events);
}

before(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
  browser = await startBrowser();
  await publishRun('billing-1', 'billing', 10 * MINUTE, 1_000, 'completed');
  await publishRun('billing-2', 'billing', 9 * MINUTE, 2_000, 'completed');
  await publishRun('billing-3', 'billing', 8 * MINUTE, 30_000, 'failed');
  await publishRun('billing-4', 'billing', 7 * MINUTE, 0, undefined);
  await publishRun('billing-old', 'billing', 5 * HOUR, 90_000, 'failed');
  await publishRun('mail-1', 'mail', 3 * MINUTE, 500, 'completed');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

/** Returns the cells of a workflow's row, as text. */
async function row(name) {
  const cells = tab.page.getByRole('row').filter({ has: tab.page.getByRole('link', { name, exact: true }) });
  return (await cells.getByRole('cell').allInnerTexts()).map(text => text.trim());
}

async function rowIs(name, wanted) {
  const cells = await eventually(
    async () => {
      const found = await row(name);
      return wanted.every((text, i) => found[i] === text) && found;
    },
    `the row of ${name} is ${wanted}`);
  return cells;
}

describe('the table of workflows', () => {
  it('counts runs, failures and latencies in the chosen time range', async () => {
    tab = await Tab.open(browser, server, { path: '/workflows' });
    await rowIs('billing', ['billing', '5', '1', '2', '50%', '2.0 s', '1 min 30 s']);
    await rowIs('mail', ['mail', '1', '0', '0', '0%', '500 ms', '500 ms']);
    await tab.page.getByRole('button', { name: 'Last hour' }).click();
    await rowIs('billing', ['billing', '4', '1', '1', '33%', '2.0 s', '30.0 s']);
    assert.equal(tab.path(), '/workflows?range=hour');
  });

  it('restores everything from the link', async () => {
    tab = await Tab.open(browser, server, { path: '/workflows/billing?range=hour&q=bill&sort=p95' });
    await tab.page.getByRole('heading', { name: 'billing' }).waitFor();
    await tab.page.getByRole('button', { name: 'Last hour', pressed: true }).waitFor();
    await tab.page.setViewportSize({ width: 1800, height: 900 });
    assert.equal(await tab.page.getByRole('searchbox').inputValue(), 'bill');
    await tab.page.getByRole('columnheader', { name: 'p95' }).and(tab.page.locator('[aria-sort=descending]')).waitFor();
    await rowIs('billing', ['billing', '4']);
    assert.deepEqual(await row('mail'), []);
  });

  it('refreshes automatically and on demand', async () => {
    tab = await Tab.open(browser, server, { path: '/workflows' });
    await rowIs('mail', ['mail', '1']);
    await publishRun('fresh-1', 'fresh', 1_000, 500, 'completed');
    await tab.page.getByRole('button', { name: 'Refresh' }).click();
    await rowIs('fresh', ['fresh', '1']);
    await publishRun('fresh-2', 'fresh', 1_000, 500, 'failed');
    await rowIs('fresh', ['fresh', '2', '0', '1', '50%']);
  });

  it('sorts by a column and searches by part of a name', async () => {
    tab = await Tab.open(browser, server, { path: '/workflows' });
    await rowIs('billing', ['billing']);
    const names = () => tab.page.locator('td.name').allInnerTexts();
    assert.equal((await names())[0].trim(), 'billing', 'by name');
    await tab.page.getByRole('button', { name: /^Last start/ }).click();
    await eventually(async () => (await names()).at(-1).trim() === 'billing', 'the newest is first');
    await tab.page.keyboard.press('/');
    await tab.page.keyboard.type('AIL');
    await eventually(async () => (await names()).join() === 'mail', 'only mail is left');
    await tab.page.keyboard.type('nothing');
    await tab.page.getByText('No workflows match').waitFor();
  });

  it('says that no runs started in the time range', async () => {
    const empty = await Galerne.start();
    try {
      tab = await Tab.open(browser, empty, { path: '/workflows?range=week' });
      await tab.page.getByText('No runs started in this time').waitFor();
    } finally {
      await tab.close();
      tab = undefined;
      await empty.stop();
    }
  });
});

describe('one workflow', () => {
  it('shows figures, a curve and links to the slowest and the failed runs', async () => {
    tab = await Tab.open(browser, server, { path: '/workflows' });
    await tab.page.getByRole('link', { name: 'billing', exact: true }).click();
    const one = tab.page.getByRole('region', { name: 'billing' });
    await one.getByText('1 running').waitFor();
    await one.getByText('50% of ended runs').waitFor();
    await one.locator('galerne-chart canvas').waitFor();
    const chart = one.getByRole('img', { name: /^Chart of Latency\. mean: .* median: .* p95: / });
    assert.match(await chart.getAttribute('aria-label'), /p95: 1\.0 s to 1 min 30 s/);
    await one.getByText('Values').click();
    assert.equal(await one.getByRole('region', { name: 'Values of Latency' }).getByRole('row').count(), 5);

    const lists = one.locator('.lists > section');
    const slowest = await lists.filter({ hasText: 'Slowest runs' }).getByRole('link').allInnerTexts();
    assert.deepEqual(slowest, ['billing-old', 'billing-3', 'billing-2', 'billing-1']);
    const failed = lists.filter({ hasText: 'Latest failures' }).getByRole('link');
    assert.deepEqual(await failed.allInnerTexts(), ['billing-3', 'billing-old']);
    await failed.first().click();
    await eventually(() => tab.path() === '/run/billing-3', 'the run is shown');
  });

  it('moves with j and k', async () => {
    tab = await Tab.open(browser, server, { path: '/workflows?q=il' }); // billing and mail
    await rowIs('mail', ['mail']);
    for (const [key, name] of [['j', 'billing'], ['j', 'mail'], ['j', 'mail'], ['k', 'billing']]) {
      await tab.page.keyboard.press(key);
      await tab.page.getByRole('heading', { name }).waitFor();
    }
    assert.equal(tab.path(), '/workflows/billing?q=il');
    await tab.page.getByRole('link', { name: 'All workflows' }).click();
    await rowIs('billing', ['billing']);
  });

  it('can have any name', async () => {
    const names = ['runs', '__proto__', 'a/b?c#d %41', '<img src=x onerror=alert(1)>', '‮evil'];
    for (const [i, name] of names.entries()) {
      await publishRun(`named-${i}`, name, MINUTE, 250, 'failed');
    }
    tab = await Tab.open(browser, server, { path: '/workflows?range=hour' });
    tab.expects(/status of 404/); // for `runs`, the path of the metrics is that of a run
    for (const [i, name] of names.entries()) {
      await tab.page.getByRole('link', { name, exact: true }).click();
      await tab.page.getByRole('heading', { name, exact: true }).waitFor();
      await tab.page.getByRole('link', { name: `named-${i}` }).first().waitFor();
      await tab.page.getByRole('link', { name: 'All workflows' }).click();
    }
  });
});
