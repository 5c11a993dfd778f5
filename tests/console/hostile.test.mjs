// The console treats all content of events as text: nothing runs or breaks the page.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { json, Run } from './support/events.mjs';

const MARKUP = '<img src="/evil" onerror="alert(1)"><script>alert(2)</script>${alert(3)}{{x}}';
const AWKWARD = {
  markup: MARKUP,
  quotes: '"\'`&lt;&#x41;',
  path: '../..//a?b=c#d%2F%zz\\',
  'right to left': '\u202egnp.exe\u202c \u05d0\u05d1',
  control: 'a\u0000b\u0007c\u001b[31m\u2028d',
  'an emoji and half of one': '🌬️ \ud83d!',
  'very long': 'x'.repeat(10_000),
  'an object property': '__proto__',
  blank: ' ',
};

let server, publisher, browser, tab;

/** The text as the server stores it: lone surrogates are replaced. */
const kept = text => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

function deep(levels) {
  let value = MARKUP;
  for (let i = 0; i < levels; i++) {
    value = i % 2 ? [value] : { [MARKUP]: value };
  }
  return value;
}

before(async () => {
  server = await Galerne.start();
  publisher = new Publisher(server);
  browser = await startBrowser();
  for (const [what, text] of Object.entries(AWKWARD)) {
    const run = new Run(`${text}`, { name: text, runId: `run ${what}` });
    await publisher.publishAll([
      run.started({ [text]: text, list: [text], deep: deep(50) }),
      run.activityStarted(text, text, text),
      run.activityFailed(text, text, 2, `${text}\n${text}`),
      run.task('STARTED', text, text, json({ [text]: text, text })),
      run.task('STARTED', `m${text}`, 'assistant_message', json({ contentChunks: [{ type: 'text', text }, { type: text, [text]: text }, null, 7] })),
      run.task('STARTED', `t${text}`, 'todo_list', json({ items: [{ id: text, status: text, title: text }, null, text] })),
      run.task('STARTED', `w${text}`, 'working', json({ title: text, content: text, toolUIState: { type: 'command', command: text, result: { output: text, error: text } } })),
      run.task('STARTED', `i${text}`, 'wait_for_input', json({ label: text, input_schema: { properties: { [text]: { title: text, enum: [text] } } } })),
      run.task('STARTED', `e${text}`, text, { type: 'json', value: text, encoding_options: ['encrypted'] }),
      run.failed(text),
    ]);
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

async function open(path) {
  tab = await Tab.open(browser, server, { path });
  tab.page.on('dialog', dialog => {
    tab.complaints.push(`a dialog opened: ${dialog.message()}`);
    dialog.dismiss();
  });
}

/** Asserts that no content of an event became an element or is wider than the page. */
async function isHarmless(what) {
  const found = await tab.page.evaluate(() => ({
    scripts: [...document.querySelectorAll('script')].filter(script => !script.src && script.type !== 'importmap').length,
    images: [...document.images].filter(image => !image.src.endsWith('/icon.svg')).length,
    links: [...document.links].map(link => link.href).filter(href => !href.startsWith(location.origin)),
    styles: [...document.querySelectorAll('main [style*="url("]')].length,
    overflows: document.documentElement.scrollWidth > innerWidth,
  }));
  assert.deepEqual(found, { scripts: 0, images: 0, links: [], styles: 0, overflows: false }, what);
}

describe('hostile events', () => {
  it('are text in the table of runs', async () => {
    await open('/runs');
    await tab.page.getByText('<script>alert(2)</script>').first().waitFor();
    assert.equal(await tab.page.locator('table.runs tbody tr').count(), Object.keys(AWKWARD).length);
    await isHarmless('runs');
  });

  for (const [what, text] of Object.entries(AWKWARD)) {
    it(`are text in a run: ${what}`, async () => {
      await open(`/run/${encodeURIComponent(kept(text))}`);
      await tab.page.getByRole('region', { name: 'Why it failed' }).waitFor();
      await tab.page.locator('.span-row').first().waitFor();
      await isHarmless(what);
      for (const [i, row] of (await tab.page.locator('.span-row').all()).entries()) {
        await row.click();
        await tab.page.locator('.span-row').nth(i).and(tab.page.locator('[aria-selected=true]')).waitFor();
        await isHarmless(`${what}, span ${i}`);
      }
    });
  }

  it('are text in the event tail', async () => {
    await open(`/events?start_seq=0&workflow_exec_id=${encodeURIComponent(MARKUP)}`);
    await tab.page.getByText('<script>alert(2)</script>').first().waitFor();
    await tab.page.locator('virtual-list .row').first().waitFor();
    await isHarmless('events');
    await tab.page.keyboard.press('j');
    await tab.page.locator('virtual-list .row:focus').waitFor();
    await tab.page.keyboard.press('Enter');
    await tab.page.getByRole('button', { name: 'Open the run' }).waitFor();
    await isHarmless('an event');
  });

  it('are text in the workflows and in the page title', async () => {
    await open('/workflows');
    await tab.page.getByRole('link', { name: MARKUP }).click();
    await tab.page.getByRole('heading', { name: MARKUP }).waitFor();
    assert.ok((await tab.page.title()).includes('<script>'));
    await isHarmless('workflows');
  });

  it('are text in a comparison', async () => {
    const [one, other] = [AWKWARD.markup, AWKWARD.quotes].map(encodeURIComponent);
    await open(`/compare?a=${one}&b=${other}`);
    await tab.page.getByRole('table', { name: 'Steps' }).waitFor();
    await isHarmless('compare');
  });

  it('are harmless in the URL', async () => {
    for (const path of [`/run/${MARKUP}`, `/runs?search=${MARKUP}&status=${MARKUP}&sort=x&order=y&after=z`, '/run/%zz?at=-1&span=x&closed=..', `/workflows/${MARKUP}?range=constructor&sort=__proto__`, `/events?${MARKUP}`, '/compare?a=%00&b=x']) {
      tab = await Tab.open(browser, server, { path, expects: [/status of 4(04|22)/] });
      await tab.page.getByRole('main').waitFor();
      await tab.page.locator('main:not(:has(.loading))').waitFor();
      await isHarmless(path);
      await tab.close();
    }
    tab = undefined;
  });
});
