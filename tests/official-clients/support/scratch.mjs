// Deletes temporary folders and kills child processes when the test process exits. If it is killed, `run` kills the
// processes that are registered in GALERNE_TEST_PIDS.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = mkdtempSync(join(tmpdir(), 'galerne-clients-'));
const registered = process.env.GALERNE_TEST_PIDS;
const groups = new Set();

/** Creates a temporary folder. */
export function scratchFolder(name) {
  return mkdtempSync(join(root, `${name}-`));
}

/** Registers the leader of a process group until it exits. */
export function endsWithTheTests(child) {
  const record = registered && join(registered, String(child.pid));
  groups.add(child.pid);
  if (record) {
    writeFileSync(record, '');
  }
  child.once('exit', () => {
    groups.delete(child.pid);
    if (record) {
      rmSync(record, { force: true });
    }
  });
}

process.once('exit', () => {
  for (const leader of groups) {
    try {
      process.kill(-leader, 'SIGKILL');
    } catch {
      // it has exited already
    }
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => process.exit(1));
}
