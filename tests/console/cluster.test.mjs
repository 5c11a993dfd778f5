// The console of a server with its log on a NATS cluster.
import { after, before, it } from 'node:test';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { Run } from './support/events.mjs';
import { Nats } from './support/nats.mjs';

let nats, one, other, browser;

before(async () => {
  nats = await Nats.start();
  one = await Galerne.start({ args: ['--log', nats.url] });
  other = await Galerne.start({ args: ['--log', nats.url] });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await one?.stop();
  await other?.stop();
  await nats?.stop();
});

it('shows events that were published on another node', async () => {
  const tab = await Tab.open(browser, one);
  await tab.page.getByText('Live', { exact: true }).waitFor();
  const run = new Run('shared');
  await new Publisher(other).publish(run.started());
  const row = tab.page.getByRole('row').filter({ has: tab.page.getByRole('button', { name: 'Copy the execution id shared' }) });
  await row.getByText('Running').waitFor();
  await new Publisher(other).publish(run.failed());
  await row.getByText('Failed').waitFor();
  await tab.close();
});

it('shows whether the node is up to date with the cluster', async () => {
  const tab = await Tab.open(browser, one, { path: '/server' });
  await tab.page.getByRole('region', { name: 'Health' }).getByText('on a NATS cluster').waitFor();
  await tab.page.getByText('Up to date with the cluster.').waitFor();
  await tab.page.getByRole('progressbar', { name: 'Applied messages of the stream' }).waitFor();
  await tab.close();
});
