// The table of runs.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { eventually } from '../official-clients/support/deadline.mjs';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { json, patch, Run } from './support/events.mjs';

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

/** Returns the row of an execution. */
function row(execId) {
  return tab.page.getByRole('row').filter({ has: tab.page.getByRole('button', { name: `Copy the execution id ${execId}` }) });
}

/** Returns the ids of the executions, from top to bottom. */
async function shown() {
  const names = await tab.page.locator('table.runs .execution button').allTextContents(); // also of hidden rows
  return names.map(name => name.trim());
}

async function showsOnly(...execIds) {
  await eventually(async () => (await shown()).join() === execIds.join(), `only ${execIds} are shown`);
}

describe('the table of runs', () => {
  it('is empty at first and shows the first run when it starts', async () => {
    tab = await Tab.open(browser, server);
    await tab.page.getByText('No runs yet').waitFor();
    await tab.page.getByText('Live', { exact: true }).waitFor();
    await publisher.publish(new Run('first').started());
    await row('first').getByText('Running').waitFor();
  });

  it('follows what a run is doing and how it ends', async () => {
    const run = new Run('order-7', { name: 'order' });
    await publisher.publish(run.started());
    tab = await Tab.open(browser, server);
    await row('order-7').getByText('Running').waitFor();
    await publisher.publish(run.activityStarted('5', 'charge_card'));
    await row('order-7').getByText('charge_card').waitFor();
    await publisher.publish(run.activityRetrying('5', 'charge_card', 1));
    await row('order-7').getByText('Retrying').waitFor();
    await publisher.publish(run.activityCompleted('5', 'charge_card'));
    await publisher.publish(run.task('STARTED', 'p', 'progress', json({ progress_idx: 0, progress_total: 4 })));
    await publisher.publish(run.task('IN_PROGRESS', 'p', 'progress', patch({ op: 'replace', path: '/progress_idx', value: 3 }, { op: 'replace', path: '/progress_total', value: 4 })));
    const progress = row('order-7').getByRole('progressbar');
    await eventually(async () => (await progress.getAttribute('value')) === '0.75' || (await progress.evaluate(bar => bar.value)) === 0.75, 'the progress is 75%');
    await publisher.publish(run.task('COMPLETED', 'p', 'progress', json(null)));
    await publisher.publish(run.task('STARTED', 'w', 'wait_for_input', json({ label: 'Which address?', input_schema: {} })));
    await row('order-7').getByText('Waiting for input').waitFor();
    await row('order-7').getByText('Which address?').waitFor();
    await publisher.publish(run.failed());
    await row('order-7').getByText('Failed').waitFor();
  });

  it('shows what a run is doing that started before the page was opened', async () => {
    const run = new Run('early');
    await publisher.publishAll([
      run.started(),
      run.activityStarted('1', 'think_hard'),
      run.activityStarted('2', '__internal__hidden'),
    ]);
    tab = await Tab.open(browser, server);
    await row('early').getByText('think_hard').waitFor();
    assert.equal(await row('early').getByText('__internal__').count(), 0);
  });

  it('keeps filters in the link and shows them as removable chips', async () => {
    const failed = new Run('a-1', { name: 'alpha' });
    const completed = new Run('a-2', { name: 'alpha' });
    const child = failed.child('b-1', { name: 'beta' });
    await publisher.publishAll([
      failed.started(), child.started(), child.failed(), failed.failed(), completed.started(), completed.completed(),
    ]);
    tab = await Tab.open(browser, server);
    await showsOnly('a-2', 'b-1', 'a-1');
    await tab.page.getByRole('group', { name: 'Status' }).getByRole('button', { name: 'Failed' }).click();
    await showsOnly('b-1', 'a-1');
    await tab.page.getByText('Filter', { exact: true }).click();
    await tab.page.getByLabel('Workflow', { exact: true }).fill('alpha');
    await tab.page.getByRole('button', { name: 'Apply' }).click();
    await showsOnly('a-1');
    assert.match(tab.path(), /^\/runs\?(?=.*status=FAILED)(?=.*workflow=alpha)/);

    const colleague = await Tab.open(browser, server, { path: tab.path() });
    try {
      await colleague.page.getByRole('button', { name: 'Remove the filter Workflow: alpha' }).waitFor();
      await colleague.page.getByRole('button', { name: 'Copy the execution id a-1' }).waitFor();
      assert.equal(await colleague.page.getByRole('row').count(), 2);
    } finally {
      await colleague.close();
    }
    await tab.page.getByRole('button', { name: 'Remove the filter Workflow: alpha' }).click();
    await showsOnly('b-1', 'a-1');
    await tab.page.getByRole('button', { name: 'Remove the filter Failed' }).click();
    await showsOnly('a-2', 'b-1', 'a-1');
  });

  it('shows the tree of a root and searches names and ids', async () => {
    const root = new Run('root-1', { name: 'parent' });
    const child = root.child('leaf-1', { name: 'kid' });
    await publisher.publishAll([root.started(), child.started(), new Run('other').started()]);
    tab = await Tab.open(browser, server, { path: '/runs?tree=root-1' });
    await showsOnly('leaf-1', 'root-1');
    await tab.goTo('/runs');
    await showsOnly('other', 'leaf-1', 'root-1');
    await tab.page.keyboard.press('/');
    await tab.page.keyboard.type('LEAF');
    await showsOnly('leaf-1');
    assert.equal(tab.path(), '/runs?search=LEAF');
  });

  it('keeps rows in place while the user reads and offers new ones', async () => {
    await publisher.publishAll(Array.from({ length: 3 }, (_, i) => new Run(`old-${i}`).started()));
    tab = await Tab.open(browser, server);
    await showsOnly('old-2', 'old-1', 'old-0');
    await tab.page.getByText('Live', { exact: true }).waitFor();
    await row('old-1').hover();
    await publisher.publish(new Run('new-1').started());
    await tab.page.getByRole('button', { name: '1 new run' }).waitFor();
    await publisher.publish(new Run('new-2').started());
    await tab.page.getByRole('button', { name: '2 new runs' }).waitFor();
    assert.deepEqual(await shown(), ['old-2', 'old-1', 'old-0']);
    await tab.page.getByRole('button', { name: '2 new runs' }).click();
    await showsOnly('new-2', 'new-1', 'old-2', 'old-1', 'old-0');
  });

  it('loads pages in both orders', async () => {
    const at = Date.now() - 3_600_000;
    await publisher.publishAll(Array.from({ length: 120 }, (_, i) => new Run(`run-${i}`, { at: at + i }).started()));
    tab = await Tab.open(browser, server);
    const rows = () => tab.page.locator('table.runs tbody tr').count();
    await eventually(async () => (await rows()) === 50, 'the first page');
    await tab.page.getByRole('button', { name: 'Older runs' }).click();
    await eventually(async () => (await rows()) === 100, 'the second page');
    await tab.page.getByRole('button', { name: 'Older runs' }).click();
    await eventually(async () => (await rows()) === 120, 'the last page');
    const ids = await shown();
    assert.deepEqual(ids, Array.from({ length: 120 }, (_, i) => `run-${119 - i}`));
    await tab.page.getByRole('button', { name: /^Started/ }).click();
    await eventually(async () => (await shown())[0] === 'run-0', 'oldest first');
    assert.equal(tab.path(), '/runs?order=asc');
  });

  it('moves with j and k and opens a run with Enter', async () => {
    await publisher.publishAll([new Run('one').started(), new Run('two').started(), new Run('three').started()]);
    tab = await Tab.open(browser, server);
    await showsOnly('three', 'two', 'one');
    for (const key of ['j', 'j', 'j', 'k', 'Enter']) {
      await tab.page.keyboard.press(key);
    }
    await eventually(() => tab.path().startsWith('/run/two'), 'the second run is open');
  });

  it('copies an id', async () => {
    await publisher.publish(new Run('copy me/7').started());
    tab = await Tab.open(browser, server, { permissions: ['clipboard-read', 'clipboard-write'] });
    await tab.page.getByRole('button', { name: 'Copy the execution id copy me/7' }).click();
    await tab.page.getByRole('status').getByText('Copied').waitFor();
    assert.equal(await tab.page.evaluate(() => navigator.clipboard.readText()), 'copy me/7');
  });

  it('shows times with their zone', async () => {
    await publisher.publish(new Run('timed', { at: Date.UTC(2026, 0, 5, 12, 0, 1) }).started());
    tab = await Tab.open(browser, server, { timezoneId: 'Asia/Tokyo', locale: 'en-GB' });
    const time = row('timed').locator('time');
    await time.waitFor();
    assert.match(await time.innerText(), /21:00:01/);
    assert.match(await time.getAttribute('title'), /21:00:01\.000 (GMT\+9|JST).* 2026-01-05T12:00:01\.000Z/);
  });
});
