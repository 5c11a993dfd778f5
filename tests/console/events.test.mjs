// The raw tail of events.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../official-clients/support/deadline.mjs';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { json, Run } from './support/events.mjs';

let server, publisher, browser, tab;
let published = 0;

async function publish(...events) {
  await publisher.publishAll(events);
  published += events.length;
}

before(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
  browser = await startBrowser();
  const run = new Run('order-1', { name: 'order' });
  const other = new Run('mail-1', { name: 'mail' });
  await publish(run.started({ big: 1 }), run.activityStarted('1', 'charge'), run.activityFailed('1', 'charge', 1, 'card refused'), run.failed());
  await publish(other.started(), { event: other.task('STARTED', 't', 'notes', json({ text: 'hello' })), metadata: { customer: 'acme', tier: 3 } }, other.completed());
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

async function open(path = '/events', options) {
  tab = await Tab.open(browser, server, { path, ...options });
}

function grid() {
  return tab.page.getByRole('treegrid', { name: 'Events' });
}

/** Returns the visible sequences, from top to bottom. */
async function sequences() {
  return (await grid().locator('.seq').allInnerTexts()).map(Number);
}

async function showsOnly(...wanted) {
  await eventually(async () => String(await sequences()) === String(wanted), `the events ${wanted}`);
}

describe('the tail of events', () => {
  it('shows stored events, then new ones as they arrive', async () => {
    await open();
    const before = Array.from({ length: published }, (_, i) => i + 1);
    await showsOnly(...before);
    await tab.page.getByText(`${published} events`).waitFor();
    await publish(new Run('fresh-1', { name: 'fresh' }).started());
    await showsOnly(...before, published);
    await grid().getByRole('row').last().getByText('fresh-1').waitFor();
  });

  it('has every filter of the stream and keeps them in the link', async () => {
    await open('/events?start_seq=0');
    await tab.page.getByRole('button', { name: 'Add filter' }).click();
    const form = tab.page.getByRole('form', { name: 'Add a filter' });
    await form.getByLabel('Is exactly').fill('order');
    await form.getByRole('button', { name: 'Apply' }).click();
    await showsOnly(1, 2, 3, 4);
    await tab.page.keyboard.press('f');
    await form.getByLabel('Filter by').selectOption({ label: 'Type' });
    await form.getByRole('group', { name: 'ACTIVITY_TASK' }).getByLabel('FAILED').check();
    await form.getByRole('group', { name: 'WORKFLOW_EXECUTION' }).getByLabel('FAILED').check();
    await form.getByRole('button', { name: 'Apply' }).click();
    await showsOnly(3, 4);
    const link = tab.path();
    assert.match(link, /workflow_name=order/);
    await tab.close();

    await open(link);
    await showsOnly(3, 4);
    await tab.page.getByRole('button', { name: 'Remove the filter Workflow order' }).click();
    await showsOnly(3, 4);
    await tab.page.getByRole('button', { name: 'Remove the filter Type ACTIVITY_TASK_FAILED' }).click();
    await showsOnly(4);
  });

  for (const [query, wanted] of Object.entries({
    'workflow_exec_id=mail-1': [5, 6, 7],
    'root_workflow_exec_id=order-1': [1, 2, 3, 4],
    'scope=activity': [2, 3, 6],
    'stream=notes': [6],
    'activity_name=charge': [2, 3],
    'metadata_filters[customer]=acme': [6],
    'workflow_event_types=WORKFLOW_EXECUTION_STARTED&workflow_name=mail': [5],
  })) {
    it(`filters by ${query}`, async () => {
      await open(`/events?start_seq=0&${query}`);
      await showsOnly(...wanted);
    });
  }

  it('shows which filter the server refused', async () => {
    await open('/events?workflow_event_types=NONSENSE', { expects: [/status of 422/] });
    await tab.page.getByText('The server refused this request').waitFor();
    await tab.page.getByRole('alert').waitFor();
  });

  it('opens an event, and the link opens the same event', async () => {
    await open('/events?start_seq=0&workflow_name=mail');
    await showsOnly(5, 6, 7);
    const row = seq => grid().locator('.row:focus').getByText(String(seq), { exact: true });
    await tab.page.keyboard.press('j');
    await row(5).waitFor();
    await tab.page.keyboard.press('j');
    await row(6).waitFor();
    await tab.page.keyboard.press('Enter');
    await grid().getByText('"acme"').or(grid().getByText('acme')).first().waitFor();
    assert.match(tab.path(), /open=6/);
    const link = tab.path();
    await tab.close();
    await open(link);
    await grid().getByText('acme').first().waitFor();
    await tab.page.getByRole('button', { name: 'Open the run' }).click();
    await tab.page.locator('.run-head').getByText('mail', { exact: true }).waitFor();
  });

  it('pauses and continues without losing events', async () => {
    await open('/events?start_seq=0&workflow_name=paused');
    await tab.page.getByText('No events yet').waitFor();
    await tab.page.getByText('Live', { exact: true }).waitFor();
    await tab.page.keyboard.press('p');
    await tab.page.getByRole('button', { name: 'Continue' }).waitFor();
    const run = new Run('paused-1', { name: 'paused' });
    await publish(run.started(), run.completed());
    const shown = new Run('shown-1', { name: 'shown' });
    await publish(shown.started());
    assert.equal(await grid().count(), 0);
    await tab.page.getByRole('button', { name: 'Continue' }).click();
    await showsOnly(published - 2, published - 1);
  });

  it('searches the loaded events', async () => {
    await open('/events?start_seq=0');
    await grid().getByText('card refused').waitFor();
    await tab.page.keyboard.press('/');
    await tab.page.keyboard.type('card refused');
    await showsOnly(3);
    assert.match(tab.path(), /find=card/);
    await tab.page.keyboard.press('Escape');
    await eventually(async () => (await sequences()).length > 5, 'all events are shown again');
  });

  it('copies a curl command that reads the same events', async () => {
    await open('/events?start_seq=2&workflow_name=order', { permissions: ['clipboard-read', 'clipboard-write'] });
    await showsOnly(2, 3, 4);
    const copied = async name => {
      await tab.page.getByRole('group', { name: 'Copy a program' }).getByRole('button', { name }).click();
      await tab.page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' });
      return tab.page.evaluate(() => navigator.clipboard.readText());
    };
    const command = await copied('curl');
    const { stdout } = await promisify(execFile)('bash', ['-c', `timeout 5 ${command.replace(/\bcurl\b/, 'curl --max-time 2')} || true`]);
    assert.deepEqual([...stdout.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)), [2, 3, 4], command);
    await eventually(async () => /GalerneClient|getStreamEvents/.test(await copied('Java')), 'the Java client');
    await eventually(async () => /import/.test(await copied('Python')), 'Python');
  });
});
