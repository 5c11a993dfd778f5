// One run: its tree, its details and its history.
import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../official-clients/support/deadline.mjs';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { json, patch, Run } from './support/events.mjs';

let server, publisher, browser, tab;

before(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
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

/** Returns the row of the tree with this name. */
function span(name) {
  return tab.page.getByRole('treegrid', { name: 'Spans' }).getByRole('row').filter({ has: tab.page.locator('.span-name').getByText(name, { exact: true }) });
}

function details() {
  return tab.page.getByRole('region', { name: 'Details' });
}

async function open(execId, query = '') {
  tab = await Tab.open(browser, server, { path: `/run/${encodeURIComponent(execId)}${query}` });
}

function title() {
  return tab.page.locator('.run-head .title');
}

describe('a run', () => {
  it('shows why it failed', async () => {
    const run = new Run('why', { name: 'export' });
    const stack = 'Traceback (most recent call last):\n  File "mail.py", line 7\nSmtpError: mailbox <b>unavailable</b>';
    await publisher.publishAll([
      run.started(),
      run.activityStarted('5', 'send_mail'),
      run.activityRetrying('5', 'send_mail', 1, 'connection reset'),
      run.activityFailed('5', 'send_mail', 2, stack),
      run.failed('activity send_mail failed'),
    ]);
    await open('why');
    const why = tab.page.getByRole('region', { name: 'Why it failed' });
    await why.getByRole('button', { name: 'send_mail' }).waitFor();
    await why.getByText('SmtpError: mailbox <b>unavailable</b>').first().waitFor();
    await why.getByText('activity send_mail failed', { exact: true }).waitFor();
    await title().getByText('Failed').waitFor();
    await why.getByRole('button', { name: 'send_mail' }).click();
    await details().getByRole('heading', { name: 'send_mail' }).waitFor();
    assert.equal(await details().getByRole('list').filter({ hasText: 'connection reset' }).getByRole('listitem').count(), 2);
    assert.match(tab.path(), /^\/run\/why\?span=/);
  });

  it('shows activities, tokens, a child and the end live', async () => {
    const run = new Run('live', { name: 'writer' });
    await publisher.publish(run.started({ topic: 'wind' }));
    await open('live');
    await title().getByText('Running').waitFor();
    await details().getByText('"wind"').or(details().getByText('wind')).first().waitFor();
    await publisher.publish(run.activityStarted('1', 'draft'));
    await span('draft').waitFor();
    const message = text => json({ contentChunks: [{ type: 'text', text }] });
    await publisher.publish(run.task('STARTED', 'm', 'assistant_message', message('')));
    for (const token of ['The ', 'wind ', 'is ', '<i>free</i>', ' 🌬️']) {
      await publisher.publish(run.task('IN_PROGRESS', 'm', 'assistant_message', patch({ op: 'append', path: '/contentChunks/0/text', value: token })));
    }
    await details().getByText('The wind is <i>free</i> 🌬️').waitFor();
    const child = run.child('live-child', { name: 'checker' });
    await publisher.publish(child.started());
    await span('checker').waitFor();
    await publisher.publishAll([child.completed(), run.activityCompleted('1', 'draft'), run.task('COMPLETED', 'm', 'assistant_message', message('All of it.')), run.completed({ pages: 2 })]);
    await title().getByText('Completed').waitFor();
    await details().getByText('All of it.').waitFor();
    await tab.page.locator('.run-head').getByRole('link', { name: 'live-child' }).click();
    await tab.page.locator('.run-head').getByText('Started by').waitFor();
    assert.equal(tab.path(), '/run/live-child');
    await tab.page.locator('.run-head').getByRole('link', { name: 'live', exact: true }).first().click();
    await span('draft').waitFor();
  });

  it('renders tasks of official workers by type', async () => {
    const run = new Run('worker');
    const items = [{ id: 'a', status: 'done', title: 'Read' }, { id: 'b', status: 'todo', title: 'Write' }];
    await publisher.publishAll([
      run.started(),
      run.task('STARTED', 'todo', 'todo_list', json({ items })),
      run.task('STARTED', 'sh', 'working', json({ type: 'tool', title: 'Shell', content: '', toolUIState: { type: 'command', toolCallId: 'c', command: 'ls <dir>', result: { status: 'success', output: 'one two' } } })),
      run.task('STARTED', 'ask', 'wait_for_input', json({ label: 'Which colour?', input_schema: { type: 'object', properties: { colour: { type: 'string', title: 'Colour' } } } })),
      run.task('STARTED', 'p', 'progress', json({ progress_idx: 1, progress_total: 4 })),
      run.activityStarted('9', '__internal__load'),
    ]);
    await open('worker');
    const cards = details().getByRole('region', { name: 'Tasks' });
    await cards.getByRole('img', { name: 'Done' }).waitFor();
    await cards.getByText('1 of 2').waitFor();
    await cards.getByText('ls <dir>').waitFor();
    await cards.getByText('one two').waitFor();
    await cards.getByText('Colour', { exact: true }).waitFor();
    await cards.getByText('1 of 4').waitFor();
    await tab.page.getByRole('region', { name: 'What it waits for' }).getByText('Which colour?').waitFor();
    await title().getByText('Waiting for input').waitFor();
    assert.equal(await span('__internal__load').count(), 0);
    await tab.page.getByLabel('Internal activities').check();
    await span('__internal__load').waitFor();
    assert.match(tab.path(), /internal=1/);
  });

  it('goes back in time and keeps the point in the link', async () => {
    const run = new Run('past');
    const publishes = [run.started(), run.task('STARTED', 't', 'notes', json({ text: '' }))];
    for (const word of ['one', ' two', ' three']) {
      publishes.push(run.task('IN_PROGRESS', 't', 'notes', patch({ op: 'append', path: '/text', value: word })));
    }
    publishes.push(run.activityStarted('1', 'late'), run.failed());
    await publisher.publishAll(publishes);
    await open('past');
    await title().getByText('Failed').waitFor();
    await details().getByText('one two three').waitFor();
    for (let i = 0; i < 3; i++) {
      await tab.page.keyboard.press('[');
    }
    await title().getByText('Running').waitFor();
    await details().getByText('one two', { exact: true }).waitFor();
    assert.equal(await span('late').count(), 0);
    await eventually(() => /at=\d+/.test(tab.path()), 'the URL contains the sequence');

    const colleague = await Tab.open(browser, server, { path: tab.path() });
    try {
      await colleague.page.getByRole('region', { name: 'Tasks' }).getByText('one two', { exact: true }).waitFor();
      await colleague.page.locator('.run-head .title').getByText('Running').waitFor();
    } finally {
      await colleague.close();
    }
    const slider = tab.page.getByRole('slider', { name: 'Point in time' });
    assert.match(await slider.getAttribute('aria-valuetext'), /^Event 4 of 7/);
    await slider.press('ArrowLeft');
    await details().getByText('one', { exact: true }).waitFor();
    await tab.page.getByRole('button', { name: 'Follow live' }).click();
    await title().getByText('Failed').waitFor();
    await eventually(() => !/at=/.test(tab.path()), 'the URL contains no sequence');
  });

  it('shows the whole execution or one of its runs', async () => {
    const first = new Run('again', { runId: 'again:1', name: 'looped' });
    const second = first.next('again:2');
    await publisher.publishAll([
      first.started(), first.activityStarted('1', 'in_the_first'), first.activityCompleted('1', 'in_the_first'), first.continuedAsNew('again:2'),
      second.started({}, { continued_run_id: 'again:1' }), second.activityStarted('1', 'in_the_second'),
    ]);
    await open('again');
    await span('in_the_first').waitFor();
    await span('in_the_second').waitFor();
    await tab.page.getByLabel('Shown').selectOption('again:1');
    await title().getByText('Continued as new').waitFor();
    await eventually(async () => (await span('in_the_second').count()) === 0, 'only the first run is shown');
    await span('in_the_first').waitFor();
    assert.match(tab.path(), /run=again:1/);
  });

  it('supports keyboard navigation', async () => {
    const run = new Run('keyboard');
    const child = run.child('keyboard-child', { name: 'kid' });
    await publisher.publishAll([run.started(), run.activityStarted('1', 'first'), child.started(), child.activityStarted('1', 'inner'), run.activityStarted('2', 'second')]);
    await open('keyboard');
    await span('second').waitFor();
    const selected = () => tab.page.locator('.span-row.selected .span-name').innerText({ timeout: 1000 }).catch(() => '');
    const seen = [];
    for (let i = 0; i < 5; i++) {
      await tab.page.keyboard.press('j');
      await tab.page.locator('.span-row.selected').waitFor();
      seen.push(await selected());
    }
    assert.deepEqual(new Set(seen), new Set(['report', 'first', 'kid', 'inner', 'second']));
    while ((await selected()) !== 'kid') {
      await tab.page.keyboard.press('k');
    }
    await tab.page.keyboard.press('ArrowLeft');
    await eventually(async () => (await span('inner').count()) === 0, 'the child is closed');
    assert.match(tab.path(), /closed=/);
    await tab.page.keyboard.press('ArrowRight');
    await span('inner').waitFor();
    await tab.page.keyboard.press('Escape');
    await eventually(() => !/span=/.test(tab.path()), 'nothing is selected');
  });

  it('reports an unknown run', async () => {
    tab = await Tab.open(browser, server, { path: '/run/nobody', expects: [/status of 404/] });
    await tab.page.getByRole('alert').waitFor();
    await tab.page.getByRole('button', { name: 'Try again' }).waitFor();
  });
});

describe('encrypted payloads', () => {
  const key = randomBytes(32);
  const older = randomBytes(32);

  function encrypt(text, by = key) {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', by, nonce);
    return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64');
  }

  before(async () => {
    const run = new Run('secret');
    const whole = { ...json(encrypt('{"name":"Ada Lovelace","big":12345678901234567890}')), encoding_options: ['encrypted'] };
    const partial = { ...json({ open: 'to all', name: { field_type: '__encrypted_str__', data: encrypt('Grace Hopper') } }), encoding_options: ['encrypted-partial'] };
    const rotated = { ...json(encrypt('"of last year"', older)), encoding_options: ['encrypted'] };
    const token = { ...patch({ op: 'append', path: '/text', value: { type: '__encrypted__', value: encrypt('"streamed secret"') } }), encoding_options: ['encrypted-partial'] };
    await publisher.publishAll([
      run.event('WORKFLOW_EXECUTION_STARTED', { task_id: '1', workflow_name: 'report', input: whole }),
      run.task('STARTED', 'part', 'notes', partial),
      run.task('STARTED', 'rot', 'notes', rotated),
      run.task('STARTED', 'tok', 'notes', json({ text: '' })),
      run.task('IN_PROGRESS', 'tok', 'notes', token),
    ]);
  });

  async function enter(main, second = '') {
    await tab.page.getByRole('button', { name: 'Keys', exact: true }).click();
    const dialog = tab.page.getByRole('dialog', { name: 'Keys' });
    await dialog.getByLabel('Data key', { exact: true }).fill(main);
    await dialog.getByLabel('Second data key').fill(second);
    await dialog.getByRole('button', { name: 'Use' }).click();
    return dialog;
  }

  it('are decrypted in the page: whole, in part and in patches', async () => {
    await open('secret');
    await details().getByText('enter the data key').first().waitFor();
    await details().getByText('to all').waitFor();
    assert.equal(await details().getByText('Ada Lovelace').count(), 0);
    const sent = [];
    tab.page.on('request', request => sent.push(request.url() + JSON.stringify(request.headers()) + request.postData()));
    await enter(key.toString('hex'));
    await details().getByText('Ada Lovelace').waitFor();
    await details().getByText('12345678901234567890').waitFor();
    await details().getByText('Grace Hopper').waitFor();
    await details().getByText('streamed secret').waitFor();
    await details().getByText('No data key matches').waitFor();
    await enter(key.toString('hex'), older.toString('hex'));
    await details().getByText('of last year').waitFor();
    assert.ok(sent.every(text => !text.includes(key.toString('hex'))));
    const kept = await tab.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
    assert.ok(!kept.includes(key.toString('hex')));
    await tab.page.reload();
    await details().getByText('enter the data key').first().waitFor();
  });

  it('report that no key matches, or that a key is malformed', async () => {
    await open('secret');
    await enter(randomBytes(32).toString('hex'));
    await details().getByText('No data key matches').first().waitFor();
    const dialog = await enter('not hexadecimal');
    await dialog.getByText('must be 64 hexadecimal digits').waitFor();
    await tab.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });
});

describe('two runs', () => {
  before(async () => {
    const at = Date.now() - 60_000;
    const one = new Run('cmp-a', { name: 'compared', at });
    const other = new Run('cmp-b', { name: 'compared', at: at + 10_000 });
    await publisher.publishAll([
      one.started(), one.activityStarted('1', 'load'), one.after(100).activityCompleted('1', 'load'), one.after(100).completed({ total: 7 }),
      other.started(), other.activityStarted('1', 'load'), other.after(4_000).activityCompleted('1', 'load'), other.activityStarted('2', 'extra'), other.after(100).activityCompleted('2', 'extra'), other.after(100).completed({ total: 8 }),
    ]);
  });

  it('are compared by path, duration and result', async () => {
    await open('cmp-a');
    await tab.page.getByRole('link', { name: 'Compare' }).click();
    await tab.page.getByRole('region', { name: 'B', exact: true }).getByRole('link', { name: /cmp-b/ }).click();
    const step = name => tab.page.getByRole('table', { name: 'Steps' }).getByRole('row').filter({ hasText: name });
    await step('extra').getByText('only in B').waitFor();
    await step('load').getByText('+3.9 s').waitFor();
    const row = tab.page.locator('.values').filter({ hasText: 'Result' }).getByRole('row').filter({ hasText: 'total' });
    assert.deepEqual((await row.getByRole('cell').allInnerTexts()).map(text => text.trim()), ['7', '8']);
    const link = tab.path();
    await tab.close();

    tab = await Tab.open(browser, server, { path: link });
    await step('extra').getByText('only in B').waitFor();
  });
});
