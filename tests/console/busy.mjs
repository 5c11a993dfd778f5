// Measures the console on a busy server (P14): 200 live runs and 500 events a second, for ten minutes by default. A
// manual tool, not a test: the results depend on the machine.
//   node busy.mjs [minutes]
import { setTimeout as pause } from 'node:timers/promises';
import { Galerne } from '../official-clients/support/galerne.mjs';
import { Publisher } from '../official-clients/support/publisher.mjs';
import { startBrowser } from './support/browser.mjs';
import { Run, json } from './support/events.mjs';

const LIVE_RUNS = 200;
const EVENTS_PER_SECOND = 500;
const BATCHES_PER_SECOND = 10;
const LOADED_MS = 10_000;
const EVENTS_OF_A_RUN = 40;

const minutes = Number(process.argv[2] ?? 10);
const server = await Galerne.start();
const publisher = new Publisher(server);
const browser = await startBrowser();
const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
const devTools = await page.context().newCDPSession(page);
await page.goto(`${server.url}/#/runs`);
await page.evaluate(watch);

let made = 0;
const live = Array.from({ length: LIVE_RUNS }, (_, i) => newRun(i % EVENTS_OF_A_RUN));
const end = Date.now() + LOADED_MS + minutes * 60_000;
const heap = [];
let turn = 0;
let probes = 0;
for (let tick = 0, next = Date.now(); Date.now() < end; tick++) {
  const events = Array.from({ length: EVENTS_PER_SECOND / BATCHES_PER_SECOND }, () => nextEvent(turn++ % LIVE_RUNS));
  if (tick % BATCHES_PER_SECOND === 0 && tick * 1000 >= LOADED_MS * BATCHES_PER_SECOND) {
    const id = `probe-${++probes}`;
    await page.evaluate(probe => globalThis.expected.set(probe, Date.now()), id);
    const run = new Run(id, { name: 'probe' });
    events.push(run.started(), run.completed());
  }
  await publisher.publishAll(events);
  if (tick % (BATCHES_PER_SECOND * 60) === BATCHES_PER_SECOND * 15) {
    heap.push(await heapInUse());
  }
  next += 1000 / BATCHES_PER_SECOND;
  await pause(Math.max(0, next - Date.now()));
}
heap.push(await heapInUse());
report(await page.evaluate(() => ({ frames: globalThis.frames, seen: globalThis.seen, missing: [...globalThis.expected.keys()] })));
await browser.close();
await server.stop();

/** Runs in the page: records slow frames and when each probe is on screen. */
function watch() {
  globalThis.expected = new Map();
  globalThis.seen = [];
  globalThis.frames = [];
  new PerformanceObserver(list => {
    for (const { startTime, duration } of list.getEntries()) {
      globalThis.frames.push({ at: startTime, ms: duration });
    }
  }).observe({ type: 'long-animation-frame', buffered: true });
  // An observer, as checking each frame would make the page draw continuously.
  new MutationObserver(() => {
    const text = globalThis.expected.size > 0 ? document.body.textContent : '';
    for (const [id, since] of globalThis.expected) {
      if (text.includes(id)) {
        globalThis.expected.delete(id);
        requestAnimationFrame(() => setTimeout(() => globalThis.seen.push(Date.now() - since)));
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

function newRun(step = 0) {
  const run = new Run(`busy-${++made}`, { name: `workflow-${made % 7}` });
  return { run, step };
}

/** Returns the next event of a live run. When the run ends, another takes its place. */
function nextEvent(slot) {
  const { run, step } = live[slot];
  live[slot].step++;
  if (step === 0 || step === EVENTS_OF_A_RUN - 1) {
    live[slot] = step === 0 ? live[slot] : newRun();
    return step === 0 ? run.started() : run.completed();
  }
  const task = { custom_task_id: 'work', custom_task_type: 'progress' };
  const progress = json({ progress_idx: step, progress_total: EVENTS_OF_A_RUN });
  return run.event(`CUSTOM_TASK_${step === 1 ? 'STARTED' : 'IN_PROGRESS'}`, { ...task, payload: progress });
}

async function heapInUse() {
  await devTools.send('HeapProfiler.collectGarbage');
  return (await devTools.send('Runtime.getHeapUsage')).usedSize;
}

function report({ frames, seen, missing }) {
  const slow = frames.filter(({ at }) => at > LOADED_MS).map(({ ms }) => ms).sort((a, b) => b - a);
  seen.sort((a, b) => a - b);
  const share = part => seen[Math.min(seen.length - 1, Math.floor(seen.length * part))];
  console.log(`${minutes} min, ${turn} events of ${made} runs`);
  console.log(`frames over 50 ms once loaded: ${slow.length}; the longest: ${slow.slice(0, 5).map(ms => `${Math.round(ms)} ms`).join(', ') || 'none'}`);
  console.log(`on the screen after publishing: median ${share(0.5)} ms, p99 ${share(0.99)} ms, longest ${share(1)} ms, ${missing.length} not seen of ${probes}`);
  console.log(`heap once a minute: ${heap.map(bytes => `${(bytes / 1e6).toFixed(1)} MB`).join(', ')}`);
}
