// Runs axe on every view in both themes, narrow and wide, and tests keyboard navigation.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, describe, it } from 'node:test';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { json, Run } from './support/events.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The views, each with an element that is present once it is rendered. */
const VIEWS = {
  '/runs': page => page.getByText('waits-1').first(),
  '/runs?status=FAILED&search=fail': page => page.getByRole('button', { name: 'Remove the filter Failed' }),
  '/run/fails-1': page => page.getByRole('region', { name: 'Why it failed' }),
  '/run/waits-1': page => page.getByRole('region', { name: 'What it waits for' }),
  '/run/fails-1?at=2': page => page.getByRole('slider'),
  '/compare?a=fails-1&b=fails-2': page => page.getByRole('table', { name: 'Steps' }),
  '/events?start_seq=0': page => page.getByText('fails-1').first(),
  '/workflows': page => page.getByRole('link', { name: 'failing' }),
  '/workflows/failing': page => page.locator('canvas'),
  '/server': page => page.locator('canvas').nth(3),
  '/nowhere': page => page.getByText('Page not found'),
};

let server, browser, tab;

before(async () => {
  server = await Galerne.start();
  browser = await startBrowser();
  const publisher = new Publisher(server);
  for (const id of ['fails-1', 'fails-2']) {
    const run = new Run(id, { name: 'failing' });
    const child = run.child(`${id}-child`, { name: 'kid' });
    await publisher.publishAll([
      run.started({ a: [1, { b: null }] }), run.activityStarted('1', 'send'), run.activityRetrying('1', 'send', 1, 'once more'),
      child.started(), child.completed(), run.task('STARTED', 't', 'notes', json({ text: 'some text' })),
      run.activityFailed('1', 'send', 2, 'Error: it broke\n  at line 1'), run.failed('send failed'),
    ]);
  }
  const waits = new Run('waits-1', { name: 'waiting' });
  await publisher.publishAll([
    waits.started(),
    waits.task('STARTED', 'todo', 'todo_list', json({ items: [{ id: '1', status: 'done', title: 'Read' }, { id: '2', status: 'in_progress', title: 'Write' }] })),
    waits.task('STARTED', 'p', 'progress', json({ progress_idx: 1, progress_total: 3 })),
    waits.task('STARTED', 'sh', 'working', json({ title: 'Shell', content: 'thinking', type: 'thinking', toolUIState: { type: 'command', command: 'ls', result: { status: 'failed', error: 'no' } } })),
    waits.task('STARTED', 'w', 'wait_for_input', json({ label: 'Which one?', input_schema: { properties: { one: { type: 'string' } } } })),
  ]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

async function findings() {
  await tab.page.evaluate(axe);
  const { violations } = await tab.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n${failureSummary}`));
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1280]) {
    describe(`in a ${colorScheme} window of ${width} pixels`, () => {
      for (const [path, ready] of Object.entries(VIEWS)) {
        it(`${path} has no findings`, async () => {
          tab = await Tab.open(browser, server, { path, colorScheme, reducedMotion: 'reduce', viewport: { width, height: 800 } });
          await ready(tab.page).waitFor({ state: 'attached' });
          assert.deepEqual(await findings(), []);
          const wide = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
        });
      }

      it('dialogs have no findings', async () => {
        tab = await Tab.open(browser, server, { colorScheme, viewport: { width, height: 800 } });
        await tab.page.getByText('waits-1').first().waitFor({ state: 'attached' });
        await tab.page.keyboard.press('?');
        await tab.page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
        assert.deepEqual(await findings(), []);
        await tab.page.keyboard.press('Escape');
        await tab.page.getByRole('button', { name: 'Keys', exact: true }).click();
        await tab.page.getByRole('dialog', { name: 'Keys' }).waitFor();
        assert.deepEqual(await findings(), []);
      });
    });
  }
}

describe('a keyboard user', () => {
  it('skips to the content and reaches every control with a visible focus', async () => {
    tab = await Tab.open(browser, server, { path: '/workflows' });
    await tab.page.getByRole('link', { name: 'failing' }).waitFor();
    await tab.page.keyboard.press('Tab');
    assert.equal(await tab.page.evaluate(() => document.activeElement.textContent), 'Skip to content');
    await tab.page.keyboard.press('Enter');
    assert.equal(await tab.page.evaluate(() => document.activeElement.id), 'main');
    for (let i = 0; i < 40; i++) {
      await tab.page.keyboard.press('Tab');
      const focus = await tab.page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return { name: document.activeElement.textContent.trim(), outline: `${outlineStyle} ${outlineWidth}` };
      });
      assert.equal(focus.outline, 'solid 2px', focus.name);
      if (focus.name === 'failing') {
        await tab.page.keyboard.press('Enter');
        await tab.page.getByRole('heading', { name: 'failing' }).waitFor();
        return;
      }
    }
    assert.fail('the focus never reached the workflow');
  });
});
