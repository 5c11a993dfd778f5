import assert from 'node:assert/strict';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { scratchFolder } from './scratch.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the installed Chromium with an empty profile. */
export function startBrowser() {
  return chromium.launchPersistentContext(scratchFolder('profile'), {
    executablePath: onThePath('chromium'),
    headless: true,
    args: FLAGS,
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

/** Serves the page from a separate origin. */
export async function servePage() {
  const page = readFileSync(new URL('../browser/page.html', import.meta.url));
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return {
    origin: `http://127.0.0.1:${port}`,
    /** The same page, from an origin that is not allowed. */
    foreignOrigin: `http://localhost:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
