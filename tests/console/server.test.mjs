import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../official-clients/support/deadline.mjs';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { SERVER_AWAY, startBrowser, Tab, UNAVAILABLE } from './support/browser.mjs';
import { json, Run } from './support/events.mjs';

let server, browser, tab;

before(async () => {
  server = await Galerne.start();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

/** Returns the figure of this name, as text. */
async function figure(name) {
  const found = tab.page.locator('.figure').filter({ has: tab.page.getByText(name, { exact: true }) });
  return (await found.locator('dd').first().innerText()).trim();
}

async function figureIs(name, value) {
  await eventually(async () => (await figure(name)) === value, `${name} is ${value}`);
}

describe('the server', () => {
  it('shows that it is ready, its version and where its log is', async () => {
    tab = await Tab.open(browser, server, { path: '/server' });
    const health = tab.page.getByRole('region', { name: 'Health' });
    await health.getByText('Ready', { exact: true }).waitFor();
    await health.getByText('in a folder of this server').waitFor();
    assert.match(await health.innerText(), /Version\s+(development|\d)/);
  });

  it('follows published events and readers', async () => {
    tab = await Tab.open(browser, server, { path: '/server' });
    await figureIs('Head', '0');
    const run = new Run('counted');
    const events = [run.started(), ...Array.from({ length: 98 }, (_, i) => run.task('IN_PROGRESS', 'p', 'progress', json(i))), run.completed()];
    await new Publisher(server).publishAll(events);
    await figureIs('Head', '100');
    await figureIs('Oldest', '1');
    const reader = new AbortController();
    const reading = fetch(`${server.url}/v1/workflows/events/stream`, { signal: reader.signal });
    await reading;
    await figureIs('Live readers', '1');
    reader.abort();
    await figureIs('Live readers', '0');
    const chart = tab.page.getByRole('img', { name: /^Chart of Events per second/ });
    await eventually(async () => /published: 0 to [1-9]/.test(await chart.getAttribute('aria-label')), 'the chart shows the rate');
    await tab.page.getByRole('img', { name: /^Chart of Commit latency.*median: [\d.]+ m?s to/ }).waitFor();
    await tab.page.getByRole('row').filter({ hasText: 'publish_batch' }).getByRole('cell', { name: '1', exact: true }).waitFor();
  });

  it('shows how long it has been away and continues when it is back', async () => {
    tab = await Tab.open(browser, server, { path: '/server', expects: [SERVER_AWAY] });
    const health = tab.page.getByRole('region', { name: 'Health' });
    await health.getByText('Ready', { exact: true }).waitFor();
    await server.stop();
    await health.getByText('The server cannot be reached').waitFor();
    await tab.page.getByText(/^Disconnected for /).waitFor();
    await health.getByText(/Last updated/).waitFor();
    await server.startAgain();
    await health.getByText('Ready', { exact: true }).waitFor();
    await tab.page.getByText('Live', { exact: true }).waitFor();
  });

  it('shows why it is not ready', async () => {
    tab = await Tab.open(browser, server, { path: '/server', expects: [UNAVAILABLE] });
    const detail = 'The disk of galerne-data is full: <b>make room</b>';
    await tab.page.route('**/health/ready', route => route.fulfill({ status: 503, json: { status: 'unavailable', detail } }));
    const health = tab.page.getByRole('region', { name: 'Health' });
    await health.getByText('Not ready').waitFor();
    await health.getByText(detail).waitFor();
  });

  it('works without metrics that a proxy blocks and asks for no key', async () => {
    tab = await Tab.open(browser, server, { path: '/runs', expects: [/status of 403/] });
    await tab.page.route('**/metrics', route => route.fulfill({ status: 403, body: '<html>403 Forbidden</html>' }));
    await tab.goTo('/server');
    await tab.page.getByText(/may not read \/metrics/).waitFor();
    await tab.page.getByText('Ready', { exact: true }).waitFor();
    assert.equal(await tab.page.getByRole('dialog').count(), 0);
  });
});
