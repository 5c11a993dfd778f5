import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { PATIENCE_MS } from '../../official-clients/support/deadline.mjs';
import { scratchFolder } from '../../official-clients/support/scratch.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the machine's own Chromium; its profile and its crash reports are deleted with the tests. */
export function startBrowser() {
  const home = scratchFolder('home');
  return chromium.launch({
    executablePath: onThePath('chromium'),
    args: FLAGS,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });
}

function onThePath(name) {
  const found = process.env.PATH.split(delimiter)
    .map(folder => join(folder, name))
    .find(isExecutable);
  assert.ok(found, `${name} is not on the PATH; on Debian: apt-get install ${name}`);
  return found;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A tab that shows the console, and notes everything that should not happen in it. */
export class Tab {
  /** What the browser complained of: errors of scripts, in its console, and of the page's policy. */
  complaints = [];
  /** Addresses of other hosts that were asked for. */
  elsewhere = [];
  #expected = [];

  /**
   * Opens the console of a server.
   *
   * @param options `path` is what stands after the `#`; others are those of a browser context, such as `viewport`
   */
  static async open(browser, server, { path = '/runs', expects = [], ...options } = {}) {
    const tab = new Tab();
    tab.server = server;
    tab.#expected = expects;
    tab.context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    tab.page = await tab.context.newPage();
    tab.page.setDefaultTimeout(PATIENCE_MS);
    tab.#watch();
    await tab.page.goto(`${server.url}/#${path}`);
    return tab;
  }

  #watch() {
    this.page.on('pageerror', error => this.complaints.push(String(error.stack ?? error)));
    this.page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) {
        this.complaints.push(`${message.text()} (${message.location().url})`);
      }
    });
    this.page.on('request', request => {
      const { protocol, origin } = new URL(request.url());
      if (origin !== this.server.url && protocol !== 'data:') {
        this.elsewhere.push(request.url());
      }
    });
  }

  /** From now on, complaints that match are what the test is about. */
  expects(...patterns) {
    this.#expected.push(...patterns);
  }

  /** Goes to another view, as a link would. */
  async goTo(path) {
    await this.page.evaluate(hash => {
      location.hash = hash;
    }, path);
  }

  /** What stands after the `#`, decoded. */
  path() {
    return decodeURIComponent(new URL(this.page.url()).hash.slice(1));
  }

  /** Checks that nothing happened that should not, and closes the tab. */
  async close() {
    await this.context.close();
    const unexpected = this.complaints.filter(text => !this.#expected.some(pattern => pattern.test(text)));
    assert.deepEqual(unexpected, [], 'the browser complains of nothing');
    assert.deepEqual(this.elsewhere, [], 'no other host is asked for anything');
  }
}

/** What a browser says when a server is away, or refuses. */
export const SERVER_AWAY = /net::ERR_|Failed to fetch|network error/i;
export const REFUSED = /status of 40[13]/;
export const UNAVAILABLE = /status of 503/;
