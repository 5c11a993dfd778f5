import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../../official-clients/support/deadline.mjs';
import { endsWithTheTests, scratchFolder } from '../../official-clients/support/scratch.mjs';

/** A NATS server with JetStream, in a separate process on a free port. */
export class Nats {
  #process;
  #exit;

  static async start() {
    const nats = new Nats();
    const options = ['--jetstream', '--store_dir', scratchFolder('nats'), '--addr', '127.0.0.1', '--port', '-1'];
    nats.#process = spawn('nats-server', options, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    nats.#exit = once(nats.#process, 'exit');
    nats.#exit.catch(() => {}); // `#port` reports a failed start
    if (nats.#process.pid) {
      endsWithTheTests(nats.#process);
    }
    nats.url = `nats://127.0.0.1:${await within(nats.#port(), 'nats-server is ready')}`;
    return nats;
  }

  /** Waits until the server is ready and returns its port. */
  #port() {
    return new Promise((resolve, reject) => {
      let log = '';
      this.#process.stderr.setEncoding('utf8').on('data', text => {
        log += text;
        const [, port] = /client connections on 127\.0\.0\.1:(\d+)/.exec(log) ?? [];
        if (port && log.includes('Server is ready')) {
          resolve(port);
        }
      });
      this.#exit.then(() => reject(new Error(`nats-server exited:\n${log}`)), reject);
    });
  }

  async stop() {
    this.#process.kill('SIGTERM');
    const [code] = await within(this.#exit, 'nats-server exits after SIGTERM');
    assert.ok(code === 0 || code === 1, `nats-server shuts down cleanly, not with ${code}`);
  }
}
