// Unit tests of the console, without a page.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { duration, millis, size } from '../../console/src/main/web/data/format.js';
import { Figures } from '../../console/src/main/web/data/metrics.js';
import { latencySteps, percent, quantile, summarize } from '../../console/src/main/web/data/workflows.js';
import { FiguresHistory } from '../../console/src/main/web/view/server-history.js';

describe('formats', () => {
  it('formats durations with at most two units', () => {
    const said = [0, 340, 2400, 59_960, 185_000, 7_800_000, 93_600_000].map(duration);
    assert.deepEqual(said, ['0 ms', '340 ms', '2.4 s', '60.0 s', '3 min 5 s', '2 h 10 min', '1 d 2 h']);
  });

  it('formats an unknown duration as an empty string', () => {
    assert.equal(duration(NaN), '');
  });

  it('parses ISO times and nanoseconds', () => {
    assert.equal(millis('2026-03-30T10:00:00.037000000Z'), 1774864800037);
    assert.equal(millis(1774864800037000000), 1774864800037);
  });

  it('formats sizes in a suitable unit', () => {
    assert.deepEqual([0, 1023, 1536, 50 * 1024 ** 2].map(size), ['0 B', '1023 B', '1.5 KiB', '50 MiB']);
  });

  it('formats small shares with more digits', () => {
    assert.deepEqual([0, 0.004, 0.5, 1, NaN].map(percent), ['0%', '0.4%', '50%', '100%', '–']);
  });
});

describe('server metrics', () => {
  const text = (published, ...buckets) => `# HELP galerne_info 1; its labels
# TYPE galerne_info gauge
galerne_info{engine="embedded",version="a \\"b\\" \\\\ c"} 1
galerne_published_events_total ${published}
galerne_commit_latency_seconds_bucket{le="0.001"} ${buckets[0]}
galerne_commit_latency_seconds_bucket{le="0.003"} ${buckets[1]}
galerne_commit_latency_seconds_bucket{le="+Inf"} ${buckets[2]}
`;
  const before = new Figures(text('1.0E3', 10, 10, 10), 1_000);
  const now = new Figures(text('1.05E3', 10, 30, 30), 6_000);

  it('parses values and labels', () => {
    assert.equal(now.value('galerne_published_events_total'), 1050);
    assert.deepEqual(now.samples('galerne_info')[0].labels, { engine: 'embedded', version: 'a "b" \\ c' });
    assert.ok(Number.isNaN(now.value('galerne_missing')));
  });

  it('computes rates, but not across a restart', () => {
    assert.equal(now.rate('galerne_published_events_total', before), 10);
    assert.equal(before.rate('galerne_published_events_total', now), null);
    assert.equal(now.rate('galerne_published_events_total', undefined), null);
  });

  it('computes quantiles of new values', () => {
    assert.equal(now.quantile('galerne_commit_latency_seconds', 0.5, before), 0.002);
    assert.equal(now.quantile('galerne_commit_latency_seconds', 0.5, now), null);
    const beyond = new Figures(text(0, 0, 0, 5), 0);
    assert.equal(beyond.quantile('galerne_commit_latency_seconds', 0.5, undefined), 0.003, 'at least');
  });

  it('keeps ten minutes of curves, with gaps for unknown values', () => {
    const history = new FiguresHistory();
    for (let i = 0; i <= 400; i++) {
      history.add(new Figures(text(i * 20, i, i, i), i * 2_000));
    }
    const [times, published] = history.events;
    assert.equal(times.length, 301);
    assert.ok(published.every(value => value === 10));

    history.add(new Figures(text(5, 0, 0, 0), 802_000)); // restarted
    assert.deepEqual(history.events[1].slice(-3), [10, null, null]);
    history.addGap(804_000);
    history.add(new Figures(text(9, 0, 0, 0), 806_000));
    assert.equal(history.events[1].at(-1), 1);
    assert.ok(history.events[0].every((time, i, all) => i === 0 || time > all[i - 1]));
  });
});

describe('workflow statistics', () => {
  const run = (status, start, took, name = 'report') => ({
    workflow_name: name,
    status,
    start_time: new Date(start).toISOString(),
    total_duration_ms: took,
  });
  const runs = [
    run('RUNNING', 5_000, null),
    run('FAILED', 4_000, 400),
    run('COMPLETED', 3_000, 100),
    run('CONTINUED_AS_NEW', 2_000, 300),
    run('CANCELED', 1_000, 200),
    run('COMPLETED', 500, 7, '__proto__'),
  ];

  it('counts runs by any name', () => {
    const summaries = summarize(runs);
    assert.deepEqual([...summaries.keys()], ['report', '__proto__']);
    const { latencies, ...report } = summaries.get('report');
    assert.deepEqual(report, { name: 'report', runs: 5, running: 1, failed: 1, ended: 3, lastStart: 5_000 });
    assert.deepEqual(latencies, [100, 200, 300, 400]);
  });

  it('computes quantiles by nearest rank', () => {
    assert.equal(quantile([1, 2, 3, 4], 0.5), 2);
    assert.equal(quantile([1, 2, 3, 4], 0.95), 4);
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });

  it('assigns runs to the steps of a curve', () => {
    const { median, p95 } = latencySteps(runs.slice(0, 5), [0, 2_500, 4_500]);
    assert.deepEqual(median, [200, 100, null]);
    assert.deepEqual(p95, [300, 400, null]);
  });
});
