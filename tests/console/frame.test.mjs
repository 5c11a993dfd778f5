// The page that all views share: how it is served, its frame, shortcuts and themes.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser, Tab } from './support/browser.mjs';
import { Run } from './support/events.mjs';

/** The scripts of all views together. */
const MOST_SCRIPT_BYTES = 150 * 1024;

const VIEWS = { Runs: '/runs', Events: '/events', Workflows: '/workflows', Server: '/server' };

let server, browser, tab;

before(async () => {
  server = await Galerne.start();
  browser = await startBrowser();
  const run = new Run('framed');
  await new Publisher(server).publishAll([run.started(), run.failed()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

describe('the page', () => {
  it('has a strict policy and cacheable files', async () => {
    const page = await fetch(server.url);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type'), /^text\/html/);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    const policy = Object.fromEntries(
      page.headers.get('content-security-policy').split(';').map(part => {
        const [name, ...values] = part.trim().split(' ');
        return [name, values.join(' ')];
      }));
    assert.equal(policy['default-src'], "'none'");
    assert.match(policy['script-src'], /^'self' 'sha256-[\w+/]+=*'$/);
    assert.equal(policy['style-src'], "'self'");
    assert.equal(policy['connect-src'], "'self'");
    assert.equal(policy['base-uri'], "'none'");
    assert.equal(policy['form-action'], "'none'");
    assert.equal(policy['frame-ancestors'], "'none'");
    assert.equal(policy['require-trusted-types-for'], "'script'");

    const html = await page.text();
    assert.doesNotMatch(html, /@\w+@/, 'every placeholder is filled in');
    assert.doesNotMatch(html.replace(/<script type="importmap">.*?<\/script>/s, ''), /<script(?![^>]* src=)/);
    const [, script] = /<script type="module" src="([^"]+)"/.exec(html);
    const file = await fetch(new URL(script, `${server.url}/`), { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(file.status, 200);
    assert.match(file.headers.get('cache-control'), /max-age=\d{6,}.*immutable/);
    assert.equal(file.headers.get('content-encoding'), 'gzip');
  });

  it('is not served with --console off', async () => {
    const without = await Galerne.start({ args: ['--console', 'off'] });
    try {
      const answer = await fetch(without.url);
      assert.equal(answer.status, 404);
      assert.match(answer.headers.get('content-type'), /json/);
    } finally {
      await without.stop();
    }
  });

  it('loads few bytes of script and paints early', async () => {
    tab = await Tab.open(browser, server);
    const sizes = [];
    tab.page.on('requestfinished', request => {
      if (request.resourceType() === 'script') {
        sizes.push(request.sizes());
      }
    });
    await tab.page.reload();
    await tab.page.getByRole('button', { name: 'Copy the execution id framed' }).waitFor();
    const paint = await tab.page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    assert.ok(paint < 2_000, `first paint after ${paint} ms, on a machine that may be busy`);
    const views = {
      ...VIEWS,
      Run: '/run/framed',
      Compare: '/compare?a=framed&b=framed',
    };
    for (const [name, path] of Object.entries(views)) {
      await tab.goTo(path);
      await tab.page.locator(`${name.toLowerCase()}-view`).waitFor({ state: 'attached' });
    }
    await tab.goTo('/workflows/report');
    await tab.page.locator('canvas').waitFor();
    const bytes = (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    assert.ok(bytes > 20_000 && bytes < MOST_SCRIPT_BYTES, `${bytes} bytes of script`);
  });
});

describe('the frame', () => {
  it('navigates to each view by link, by key and back', async () => {
    tab = await Tab.open(browser, server);
    const views = tab.page.getByRole('navigation', { name: 'Views' });
    for (const [title, path] of Object.entries(VIEWS)) {
      await views.getByRole('link', { name: title }).click();
      await views.locator('[aria-current=page]', { hasText: title }).waitFor();
      assert.equal(tab.path(), path);
      assert.match(await tab.page.title(), new RegExp(title));
    }
    await tab.page.goBack();
    await views.locator('[aria-current=page]', { hasText: 'Workflows' }).waitFor();
    await tab.page.keyboard.press('1');
    await views.locator('[aria-current=page]', { hasText: 'Runs' }).waitFor();
    assert.equal(tab.path(), '/runs');
  });

  it('reports an unknown page, even if its name is that of an object property', async () => {
    tab = await Tab.open(browser, server, { path: '/constructor' });
    await tab.page.getByText('Page not found').waitFor();
    await tab.page.getByRole('link', { name: 'All runs' }).click();
    await tab.page.getByRole('button', { name: 'Copy the execution id framed' }).waitFor();
  });

  it('lists its keyboard shortcuts', async () => {
    tab = await Tab.open(browser, server);
    await tab.page.keyboard.press('?');
    const help = tab.page.getByRole('dialog', { name: 'Keyboard' });
    await help.getByText('Go to Events').waitFor();
    await help.getByText('Search runs').waitFor();
    await tab.page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
  });

  it('remembers the chosen theme', async () => {
    tab = await Tab.open(browser, server, { colorScheme: 'light' });
    const ground = () => tab.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const button = tab.page.getByRole('button', { name: 'Change the theme' });
    const light = await ground();
    await button.click(); // light
    await button.click(); // dark
    const dark = await ground();
    assert.notEqual(dark, light);
    await tab.page.reload();
    await button.waitFor();
    assert.equal(await ground(), dark);
    await button.click(); // system
    assert.equal(await ground(), light);
    await tab.page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await ground(), dark);
  });

  it('keeps numbers that a double cannot represent', async () => {
    tab = await Tab.open(browser, server);
    const kept = await tab.page.evaluate(async () => {
      const { base } = document.querySelector('galerne-console').dataset;
      const { parseExact, stringify } = await import(new URL(`${base}/data/json.js`, document.baseURI).href);
      return [
        '{"value":1234567890123456789}',
        '{"event_timestamp":1795934600123456789,"a":[0.1,1e-7,9007199254740993,1e400,-0]}',
        '["x: 1234567890123456789",0.12345678901234567890123]',
      ].map(text => stringify(parseExact(text)));
    });
    assert.equal(kept[0], '{"value":1234567890123456789}');
    assert.match(kept[1], /"event_timestamp":1795934600123456789,"a":\[0\.1,1e-7,9007199254740993,1e400,-?0\]/);
    assert.equal(kept[2], '["x: 1234567890123456789",0.12345678901234567890123]');
  });
});
