import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { within } from './deadline.mjs';
import { endsWithTheTests } from './scratch.mjs';

const LONGEST_MS = 240_000;

/** An open shell: variables that a command sets are kept for the next. */
export class Terminal {
  #shell;
  #text = '';
  #heard = () => {};
  #ended = () => {};

  constructor(folder, environment) {
    this.#shell = spawn('bash', [], {
      cwd: folder,
      env: { ...process.env, ...environment },
      detached: true, // in its own process group
      stdio: 'pipe',
    });
    endsWithTheTests(this.#shell);
    for (const stream of [this.#shell.stdout, this.#shell.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        this.#text += text;
        this.#heard();
      });
    }
    this.#shell.once('exit', () => this.#ended());
    // One pipe for both streams, so the output arrives before the end marker.
    this.#shell.stdin.write("exec 2>&1; set -o pipefail; failed=0; trap 'failed=1' ERR\n");
  }

  /** Runs lines, each of which must succeed, and returns their output. */
  async run(lines) {
    this.#text = '';
    this.#shell.stdin.write(`{\n${lines}\n} </dev/null\necho "-- ended: $failed --" >&2; failed=0\n`);
    const [, failed] = await this.sees(/-- ended: (\d) --/);
    assert.equal(failed, '0', `${lines}\n${this.#text}`);
    return this.#text.replace(/-- ended: \d --\n/, '');
  }

  /** Starts a command that keeps running and waits until its output matches a pattern. */
  async start(line, pattern) {
    this.#text = '';
    this.#shell.stdin.write(`${line}\n`);
    return this.sees(pattern);
  }

  sees(pattern) {
    const seen = new Promise((resolve, reject) => {
      this.#heard = () => {
        const match = pattern.exec(this.#text);
        if (match) {
          resolve(match);
        }
      };
      this.#ended = () => reject(new Error(`the shell exited:\n${this.#text}`));
      this.#heard();
    });
    return within(seen, `${pattern} in the terminal`, LONGEST_MS);
  }

  /** Stops the shell and its processes with SIGTERM, as background processes ignore Ctrl-C. */
  async close() {
    const exit = once(this.#shell, 'exit');
    this.#shell.stdin.end();
    process.kill(-this.#shell.pid, 'SIGTERM');
    await within(exit, 'closing of the terminal');
  }
}
