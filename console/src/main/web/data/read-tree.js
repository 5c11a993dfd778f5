// @ts-check
// Reads the stored events of an execution's tree once, without following it.

import {executionPath, get, request} from './api.js';
import {ExecutionTree} from './execution.js';
import {parseExact} from './json.js';

/** Maximum number of events. Later ones are omitted. */
const MOST_EVENTS = 50_000;

const PAGE = 1_000;

/**
 * @param {string} id @param {AbortSignal} signal
 * @returns {Promise<{info: any, tree: ExecutionTree, isCut: boolean}>} `info` describes the newest run; `isCut`: events were omitted
 */
export async function readTree(id, signal) {
  const info = await get(executionPath(id), {}, {signal});
  const tree = new ExecutionTree(id, info.root_execution_id);
  let count = 0;
  let cursor = '';
  do {
    const query = {root_workflow_exec_id: info.root_execution_id, limit: PAGE, cursor};
    const text = await (await request('/v1/workflows/events/list', query, {signal})).text();
    const {events, next_cursor: next} = parseExact(text);
    // The list has no sequences, but it is in log order.
    tree.take(events.map((/** @type {any} */ data) => ({seq: ++count, text: '', event: {data, metadata: null}})));
    cursor = next ?? '';
  } while (cursor && count < MOST_EVENTS);
  return {info, tree, isCut: cursor !== ''};
}
