// Runs that the official client lists, looks up and traces.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SDKError, HTTPValidationError } from '@mistralai/mistralai/models/errors';
import { clientOf } from '../support/client.mjs';
import { scenario } from '../support/events.mjs';
import { Galerne } from '../support/galerne.mjs';
import { Publisher } from '../support/publisher.mjs';

const ROOT = 'document-review-7f3a';
const CHILD = 'fact-check-91bd';
let server, runs, executions, metrics;

before(async () => {
  server = await Galerne.start();
  await new Publisher(server).publishAll(scenario());
  ({ runs, executions, metrics } = clientOf(server).workflows);
});

after(() => server?.stop());

/** Returns the runs of all pages. */
async function list(request) {
  const listed = [];
  for await (const page of await runs.listRuns(request)) {
    listed.push(...page.result.executions);
  }
  return listed;
}

const ids = listed => listed.map(run => run.executionId);

describe('runs', () => {
  for (const pageSize of [1, 2, 3, 50]) {
    it(`are listed in pages of ${pageSize}, newest first`, async () => {
      const tree = await list({ rootExecutionId: ROOT, pageSize });
      assert.deepEqual(ids(tree), [CHILD, CHILD, ROOT]);
      assert.deepEqual(
        tree.map(run => run.status),
        ['COMPLETED', 'CONTINUED_AS_NEW', 'COMPLETED'],
      );
    });
  }

  it('are filtered by status and sorted in both orders', async () => {
    const request = { rootExecutionId: ROOT, status: ['COMPLETED'] };
    assert.deepEqual(ids(await list(request)), [CHILD, ROOT]);
    assert.deepEqual(ids(await list({ ...request, order: 'asc' })), [ROOT, CHILD]);
  });

  it('are looked up by id, with their result', async () => {
    const [{ runId }] = await list({ rootExecutionId: ROOT, workflowIdentifier: 'document-review' });
    const run = await runs.getRun({ runId });
    assert.deepEqual(run.result, { approved: true });
    await assert.rejects(
      runs.getRun({ runId: 'none' }),
      error => error instanceof SDKError && error.statusCode === 404,
    );
  });

  it('report an unsupported parameter', async () => {
    await assert.rejects(list({ userId: 'current' }), error => {
      assert.ok(error instanceof HTTPValidationError);
      assert.deepEqual(error.detail[0].loc, ['query', 'user_id']);
      return true;
    });
  });

  it('are counted by workflow', async () => {
    const counted = await metrics.getWorkflowMetrics({ workflowName: 'fact-check' });
    assert.equal(counted.executionCount.value, 2);
    assert.equal(counted.successCount.value, 1);
  });
});

describe('an execution', () => {
  it('is its newest run', async () => {
    const execution = await executions.getWorkflowExecution({ executionId: ROOT });
    assert.equal(execution.status, 'COMPLETED');
    assert.deepEqual(execution.result, { approved: true });
  });

  it('has a trace in three forms', async () => {
    const { spanTree } = await executions.getWorkflowExecutionTraceSummary({ executionId: ROOT });
    assert.deepEqual(
      spanTree.children.map(span => span.name),
      ['load_document', 'summarize', 'progress', 'fact-check'],
    );
    assert.equal(spanTree.attributes.broker_sequence, 1);
    assert.equal(spanTree.children[0].events[0].attributes.broker_sequence, 2);
    const { events } = await executions.getWorkflowExecutionTraceEvents({ executionId: ROOT });
    assert.ok(events.length > 4);
    assert.equal(events[1].attributes.broker_sequence, 2);
    const info = await executions.getWorkflowExecutionTraceInfo({ executionId: ROOT });
    const otel = await executions.getWorkflowExecutionTraceOtel({ executionId: ROOT });
    assert.ok(info.hasTraceData);
    assert.equal(otel.otelTraceId, info.otelTraceId);
  });
});
