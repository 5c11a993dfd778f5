// The tests leave nothing behind: temporary folders go and processes end with the test process. Where
// that is killed, `run` ends what it had noted in GALERNE_TEST_PIDS.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = mkdtempSync(join(tmpdir(), 'galerne-clients-'));
const registered = process.env.GALERNE_TEST_PIDS;
const groups = new Set();

/** A new, empty folder. */
export function scratchFolder(name) {
  return mkdtempSync(join(root, `${name}-`));
}

/** Notes a process that leads a group of its own, until it has ended. */
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
      // It has ended meanwhile.
    }
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => process.exit(1));
}
