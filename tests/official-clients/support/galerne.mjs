import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { within } from './deadline.mjs';
import { endsWithTheTests, scratchFolder } from './scratch.mjs';

const command =
  process.env.GALERNE_COMMAND ?? fileURLToPath(new URL('../../../galerne', import.meta.url));
const READY = /^galerne is listening on (http:\/\/127\.0\.0\.1:(\d+))$/;
const START_MS = 60_000;

/** An event server in a separate process. It can be restarted on its data folder and port. */
export class Galerne {
  #process;
  #exit;
  #stdout = [];
  #log = '';

  /** @param args more options for `galerne serve` */
  static async start({ args = [], data = scratchFolder('data'), port = 0 } = {}) {
    const server = new Galerne();
    server.data = data;
    server.args = args;
    server.port = port;
    await server.startAgain();
    return server;
  }

  /** Restarts the server on its data folder and port after it was stopped or killed. */
  async startAgain() {
    assert.ok(!this.#process, 'the server is already running');
    const options = ['serve', '--port', this.port, '--data', this.data, ...this.args];
    this.#process = spawn(command, options.map(String), {
      detached: true, // in its own process group, so no child outlives the tests
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exit = once(this.#process, 'exit');
    this.#exit.catch(() => {}); // `#ready` reports a failed start
    if (this.#process.pid) {
      endsWithTheTests(this.#process);
    }
    this.#stdout = [];
    this.#process.stderr.setEncoding('utf8').on('data', text => (this.#log += text));
    try {
      [, this.url, this.port] = await within(this.#ready(), 'galerne serve is ready', START_MS);
    } catch (failure) {
      await this.kill();
      throw failure;
    }
  }

  #ready() {
    const lines = createInterface({ input: this.#process.stdout });
    return new Promise((resolve, reject) => {
      lines.on('line', line => {
        this.#stdout.push(line);
        const match = READY.exec(line);
        match ? resolve(match) : reject(new Error(`unexpected on stdout: ${line}`));
      });
      this.#exit.then(
        ([code]) => reject(new Error(`galerne serve exited with ${code}:\n${this.#log}`)),
        failure => reject(new Error(`cannot start ${command}`, { cause: failure })));
    });
  }

  /** Stops the server and asserts that it shuts down cleanly. */
  async stop() {
    if (!this.#process) {
      return;
    }
    this.#process.kill('SIGTERM');
    const [code, signal] = await within(this.#exit, 'galerne exits after SIGTERM');
    this.#process = undefined;
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.#log);
    assert.equal(this.#stdout.length, 1, `one line on stdout:\n${this.#stdout.join('\n')}`);
    assert.doesNotMatch(this.#log, / ERROR /, 'the server logged no error');
  }

  /** Kills the server, like kill -9. */
  async kill() {
    if (!this.#process?.pid) {
      return;
    }
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch (failure) {
      assert.equal(failure.code, 'ESRCH');
    }
    await within(this.#exit, 'galerne exits after SIGKILL');
    this.#process = undefined;
  }
}

/** Adds a key to a key file and returns its secret. */
export async function addKey(file, namespace, ...rights) {
  const options = ['--namespace', namespace, '--may', rights.join(','), '--keys', file];
  const { stdout } = await promisify(execFile)(command, ['keys', 'add', ...options]);
  assert.match(stdout, /^\S+\n$/, 'the secret, alone on one line');
  return stdout.trim();
}
