// API keys.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, afterEach, before, describe, it } from 'node:test';
import { REPOSITORY } from '../official-clients/support/documents.mjs';
import { addKey, Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { scratchFolder } from '../official-clients/support/scratch.mjs';
import { REFUSED, SERVER_AWAY, startBrowser, Tab } from './support/browser.mjs';
import { Run } from './support/events.mjs';

const file = join(scratchFolder('keys'), 'keys.json');
const keys = {};
let server, browser, tab;

before(async () => {
  for (const [name, namespace, right] of [['read', 'acme', 'read'], ['publish', 'acme', 'publish'], ['other', 'umbrella', 'read'], ['otherPublish', 'umbrella', 'publish']]) {
    keys[name] = await addKey(file, namespace, right);
  }
  server = await Galerne.start({ args: ['--keys', file] });
  browser = await startBrowser();
  await new Publisher(server, { apiKey: keys.publish }).publish(new Run('ours').started());
  await new Publisher(server, { apiKey: keys.otherPublish }).publish(new Run('theirs').started());
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

function dialog() {
  return tab.page.getByRole('dialog', { name: 'Keys' });
}

async function enter(key) {
  await dialog().getByLabel('API key').fill(key);
  await dialog().getByRole('button', { name: 'Use' }).click();
}

async function open(path) {
  tab = await Tab.open(browser, server, { path, expects: [REFUSED, SERVER_AWAY] });
}

describe('a server that requires a key', () => {
  it('gets it in headers only, until the tab is closed', async () => {
    await open('/runs');
    await dialog().getByText('This server requires an API key with read access.').waitFor();
    const addresses = [];
    tab.page.on('request', request => addresses.push(request.url()));
    await enter(keys.read);
    await dialog().waitFor({ state: 'hidden' });
    await tab.page.getByRole('button', { name: 'Copy the execution id ours' }).waitFor();
    await tab.page.getByText('Live', { exact: true }).waitFor();
    await tab.page.reload();
    await tab.page.getByRole('button', { name: 'Copy the execution id ours' }).waitFor();
    assert.ok(addresses.every(address => !address.includes(keys.read)));
    const kept = await tab.page.evaluate(() => JSON.stringify([{ ...localStorage }, location.href, document.cookie]));
    assert.ok(!kept.includes(keys.read));
    const another = await tab.context.newPage();
    await another.goto(`${server.url}/#/runs`);
    await another.getByRole('dialog', { name: 'Keys' }).waitFor();
  });

  it('reports an unknown key and a key without read access', async () => {
    await open('/runs');
    await enter('galerne_wrong');
    await dialog().getByText('This API key is not known').waitFor();
    await enter(keys.publish);
    await dialog().getByText('The console needs a key with read access.').waitFor();
    await enter(keys.read);
    await tab.page.getByRole('button', { name: 'Copy the execution id ours' }).waitFor();
  });

  it('shows only the namespace of the key after a change of keys', async () => {
    await open('/runs');
    await enter(keys.read);
    await tab.page.getByRole('button', { name: 'Copy the execution id ours' }).waitFor();
    await tab.page.getByRole('button', { name: 'Keys', exact: true }).click();
    await enter(keys.other);
    await tab.page.getByRole('button', { name: 'Copy the execution id theirs' }).waitFor();
    assert.equal(await tab.page.getByText('ours').count(), 0);
    await tab.page.getByRole('button', { name: 'Keys', exact: true }).click();
    await dialog().getByRole('button', { name: 'Forget all' }).click();
    await dialog().getByText('This server requires an API key').waitFor();
    assert.equal(await tab.page.getByText('theirs').count(), 0);
  });

  it('asks for another key after the key is revoked', async () => {
    const before = await ids();
    const key = await addKey(file, 'acme', 'read');
    const [id] = (await ids()).filter(each => !before.includes(each));
    await open('/runs');
    await enter(key);
    await tab.page.getByText('Live', { exact: true }).waitFor();
    await galerne('keys', 'revoke', id, '--keys', file);
    await dialog().getByText('it may have been revoked').waitFor();
    await enter(keys.read);
    await tab.page.getByText('Live', { exact: true }).waitFor();
  });

  for (const path of ['/events', '/workflows', '/run/ours']) {
    it(`asks for a key at ${path} and continues there`, async () => {
      await open(path);
      await enter(keys.read);
      await tab.page.getByText(path === '/workflows' ? 'report' : 'ours').first().waitFor();
      assert.equal(tab.path(), path);
    });
  }
});

/** Returns the ids of the keys in the file. */
async function ids() {
  const { stdout } = await galerne('keys', 'list', '--keys', file);
  return stdout.match(/\bkey_[\w-]+/g); // base64url
}

function galerne(...args) {
  return promisify(execFile)(process.env.GALERNE_COMMAND ?? REPOSITORY + 'galerne', args);
}
