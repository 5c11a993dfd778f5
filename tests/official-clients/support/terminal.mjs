import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { within } from './deadline.mjs';
import { endsWithTheTests } from './scratch.mjs';

const LONGEST_MS = 240_000;

/** A shell as a reader has one open: what a command sets is there for the next. */
export class Terminal {
  #shell;
  #text = '';
  #heard = () => {};
  #ended = () => {};

  constructor(folder, environment) {
    this.#shell = spawn('bash', [], {
      cwd: folder,
      env: { ...process.env, ...environment },
      detached: true, // leads a process group
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
    // One pipe for both streams, so that what was printed is there before the line that says it ended.
    this.#shell.stdin.write("exec 2>&1; set -o pipefail; failed=0; trap 'failed=1' ERR\n");
  }

  /** Runs the lines, each of which has to succeed, and returns what they print. */
  async run(lines) {
    this.#text = '';
    this.#shell.stdin.write(`{\n${lines}\n} </dev/null\necho "-- ended: $failed --" >&2; failed=0\n`);
    const [, failed] = await this.sees(/-- ended: (\d) --/);
    assert.equal(failed, '0', `${lines}\n${this.#text}`);
    return this.#text.replace(/-- ended: \d --\n/, '');
  }

  /** Runs a line that does not end by itself, until the terminal shows the pattern. */
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
      this.#ended = () => reject(new Error(`the shell has ended:\n${this.#text}`));
      this.#heard();
    });
    return within(seen, `the terminal shows ${pattern}`, LONGEST_MS);
  }

  /** Ends the shell and what runs in it. By SIGTERM: what is started in the background ignores Ctrl-C. */
  async close() {
    const exit = once(this.#shell, 'exit');
    this.#shell.stdin.end();
    process.kill(-this.#shell.pid, 'SIGTERM');
    await within(exit, 'the terminal closes');
  }
}
