// Runs every command and sample of the README, in order, on one server.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { servePage, startBrowser } from '../support/browser.mjs';
import { within } from '../support/deadline.mjs';
import { blocks, document, REPOSITORY } from '../support/documents.mjs';
import { scratchFolder } from '../support/scratch.mjs';
import { Terminal } from '../support/terminal.mjs';

const README = document('README.md');
const USUAL_PORT = 8080;
const READY = /galerne is listening on http:\/\/127\.0\.0\.1:\d+/;
const SAMPLE_MS = 60_000;

/** The expected output of each block, by a word of the block. Each block needs an entry. */
const PRINTED = {
  'galerne demo': /WORKFLOW_EXECUTION_COMPLETED|completed/,
  'events/batch': /"events_received":3/,
  'executions/hello-1/stream': /hello-a.*hello-b.*hello-c/s,
  'events/list?root': /hello-a.*hello-b.*hello-c/s,
  'galerne publish': /2/,
  'galerne tail': /hello-d.*hello-e.*hello-d.*hello-e/s,
  'galerne runs': /hello-2.*COMPLETED.*hello-1.*COMPLETED.*hello-2/s,
  'galerne export': /./,
  'mvn ': /^/,
  'keys add': /./,
  'authorization: Bearer': /"events":\[\]/,
  'class Follow': /WORKFLOW_EXECUTION_STARTED.*greeting: .*WORKFLOW_EXECUTION_COMPLETED/s,
  'class Publish': /WORKFLOW_EXECUTION_STARTED/,
  'class LookUp': /COMPLETED: "Hello, Ada"/,
  'from mistralai': /1 WORKFLOW_EXECUTION_STARTED.*3 WORKFLOW_EXECUTION_COMPLETED/s,
  "from '@mistralai": /1 WORKFLOW_EXECUTION_STARTED.*3 WORKFLOW_EXECUTION_COMPLETED/s,
  EventSource: /1 WORKFLOW_EXECUTION_STARTED.*3 WORKFLOW_EXECUTION_COMPLETED/s,
};

async function freePort() {
  const probe = createServer();
  await new Promise(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise(resolve => probe.close(resolve));
  return port;
}

async function output(command, args, folder) {
  const options = { cwd: folder, timeout: SAMPLE_MS };
  const { stdout } = await promisify(execFile)(command, args, options);
  return stdout;
}

/** Copies the built repository without the files that only tests need. */
function copyOfTheRepository() {
  const copy = scratchFolder('repository');
  // tar also keeps the times of folders; with newer ones, the build would run again.
  const left = ['.git', 'tests', '*/target'].map(name => `--exclude='./${name}'`).join(' ');
  for (const what of [`${left} .`, './cli/target/galerne']) {
    execFileSync('bash', ['-c', `tar -cf - ${what} | tar -xf - -C '${copy}'`], { cwd: REPOSITORY });
  }
  return copy;
}

/** Creates a local Maven repository that links to the usual one except for Galerne's own artifacts. */
function localRepository() {
  const usual = join(homedir(), '.m2/repository');
  const local = scratchFolder('m2');
  mkdirSync(join(usual, 'io'), { recursive: true });
  mkdirSync(join(local, 'io/galerne'), { recursive: true });
  for (const name of readdirSync(usual).filter(name => name !== 'io')) {
    symlinkSync(join(usual, name), join(local, name));
  }
  for (const name of readdirSync(join(usual, 'io')).filter(name => name !== 'galerne')) {
    symlinkSync(join(usual, 'io', name), join(local, 'io', name));
  }
  return local;
}

describe('the README', () => {
  let pages, browser, page, repository, environment, port, server, terminal, classPath;

  before(async () => {
    pages = await servePage();
    browser = await startBrowser();
    page = await browser.newPage();
    await page.goto(pages.origin);
    port = await freePort();
    repository = copyOfTheRepository();
    environment = {
      GALERNE_PORT: String(port),
      GALERNE_URL: `http://127.0.0.1:${port}`,
      GALERNE_CORS_ORIGIN: pages.origin,
      MAVEN_OPTS: `-Dmaven.repo.local=${localRepository()}`,
    };
    terminal = new Terminal(repository, environment);
  });

  after(async () => {
    await terminal?.close();
    await server?.close();
    await browser?.close();
    pages?.close();
  });

  const run = {
    async sh(code) {
      if (!/^\.\/galerne serve\b/.test(code)) {
        return terminal.run(code);
      }
      await server?.close();
      server = new Terminal(repository, environment);
      await server.start(code, READY);
    },

    async xml(dependency) {
      const project = scratchFolder('project');
      writeFileSync(
        join(project, 'pom.xml'),
        `<project><modelVersion>4.0.0</modelVersion><groupId>reader</groupId>
         <artifactId>reader</artifactId><version>1</version>
         <dependencies>${dependency}</dependencies></project>`);
      const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath';
      await terminal.run(`mvn -B -q -f '${project}' ${goal} -Dmdep.outputFile=class-path`);
      classPath = readFileSync(join(project, 'class-path'), 'utf8');
    },

    async java(code) {
      const folder = scratchFolder('java');
      const [, name] = /public class (\w+)/.exec(code);
      writeFileSync(join(folder, `${name}.java`), code);
      const javac = ['--release', '17', '-Xlint:all', '-Werror', '-cp', classPath, `${name}.java`];
      await output('javac', javac, folder);
      return output('java', ['-cp', `${classPath}:.`, name], folder);
    },

    python(code) {
      return output(join(REPOSITORY, 'tests/official-clients/.venv/bin/python'), ['-c', code]);
    },

    ts(code) {
      const folder = scratchFolder('ts');
      symlinkSync(join(REPOSITORY, 'tests/official-clients/node_modules'), join(folder, 'node_modules'));
      writeFileSync(join(folder, 'sample.mjs'), code);
      return output('node', ['sample.mjs'], folder);
    },

    async js(code) {
      let printed = '';
      page.on('console', message => (printed += `${message.text()}\n`));
      await page.evaluate(`(() => { ${code}; globalThis.source = events; })()`);
      const closed = page.waitForFunction('source.readyState === EventSource.CLOSED');
      await within(closed, 'closing of the page’s stream', SAMPLE_MS);
      return printed;
    },
  };

  for (const { language, code, line } of blocks(README)) {
    if (code === './verify\n') {
      continue; // runs this test
    }
    it(`line ${line}, ${language}: ${code.split('\n')[0].slice(0, 60)}`, async () => {
      const printed = await run[language](code.replaceAll(`:${USUAL_PORT}`, `:${port}`));
      if (/^(\.\/galerne serve|<)/.test(code)) {
        return;
      }
      const [, expected] = Object.entries(PRINTED).find(([word]) => code.includes(word)) ?? [];
      assert.ok(expected, 'PRINTED has an entry for this block');
      assert.match(printed, expected);
    });
  }

  it('names the tested versions', () => {
    const python = /^mistralai==\S+$/m.exec(document('tests/official-clients/requirements.txt'));
    const packages = JSON.parse(document('tests/official-clients/package.json'));
    const typescript = packages.dependencies['@mistralai/mistralai'];
    assert.ok(README.includes(`pip install ${python}`));
    assert.ok(README.includes(`npm install @mistralai/mistralai@${typescript}`));
    const worker = /^mistralai-workflows==(\S+)/m.exec(
      document('tests/official-worker/requirements.txt'));
    assert.ok(README.includes(`\`mistralai-workflows\` | ${worker[1]} |`));
  });

  it('creates only files that git ignores', async () => {
    const ignored = document('.gitignore').split('\n');
    for (const file of ['galerne-data', 'galerne-keys.json']) {
      assert.ok(existsSync(join(repository, file)), file);
      assert.ok(ignored.includes(file) || ignored.includes(`${file}/`), file);
    }
  });
});
