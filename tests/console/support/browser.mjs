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

/** Starts the installed Chromium. Its profile and crash reports are deleted after the tests. */
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

/** A tab that shows the console and records everything that should not happen in it. */
export class Tab {
  /** Script errors, console messages and policy violations. */
  complaints = [];
  /** URLs of requests to other hosts. */
  elsewhere = [];
  #expected = [];

  /**
   * Opens the console of a server.
   *
   * @param options `path`: the part after the `#`; `expects`: patterns of expected complaints; others are options of a
   *     browser context, such as `viewport`
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

  /** Accepts complaints that match a pattern. */
  expects(...patterns) {
    this.#expected.push(...patterns);
  }

  /** Navigates to another view, like a link. */
  async goTo(path) {
    await this.page.evaluate(hash => {
      location.hash = hash;
    }, path);
  }

  /** The part of the URL after the `#`, decoded. */
  path() {
    return decodeURIComponent(new URL(this.page.url()).hash.slice(1));
  }

  /** Closes the tab and fails if anything unexpected happened in it. */
  async close() {
    await this.context.close();
    const unexpected = this.complaints.filter(text => !this.#expected.some(pattern => pattern.test(text)));
    assert.deepEqual(unexpected, [], 'no unexpected errors or warnings in the browser');
    assert.deepEqual(this.elsewhere, [], 'no requests to other hosts');
  }
}

/** Messages of a browser whose server is away, or refuses or fails a request. */
export const SERVER_AWAY = /net::ERR_|Failed to fetch|network error/i;
export const REFUSED = /status of 40[13]/;
export const UNAVAILABLE = /status of 503/;
