import { setTimeout as sleep } from 'node:timers/promises';

/** The longest that a test waits for anything before it fails. */
export const PATIENCE_MS = 20_000;

/** Returns the promise's result, or fails with `what` if it takes too long. */
export async function within(promise, what, ms = PATIENCE_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Polls until the answer is truthy and returns it. */
export async function eventually(ask, what, ms = PATIENCE_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${ms} ms`);
    }
    await sleep(10);
  }
}
