// @ts-check
// What is stored of an execution now, read at one go.

import {executionPath, get, request} from './api.js';
import {ExecutionTree} from './execution.js';
import {parseExact} from './json.js';

/** More events are left out. */
const MOST_EVENTS = 50_000;

const PAGE = 1_000;

/**
 * @param {string} id @param {AbortSignal} signal
 * @returns {Promise<{info: any, tree: ExecutionTree, isCut: boolean}>} `info` is what the server says of its newest run
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
    // A list has no sequences; its order is that of the log.
    tree.take(events.map((/** @type {any} */ data) => ({seq: ++count, text: '', event: {data, metadata: null}})));
    cursor = next ?? '';
  } while (cursor && count < MOST_EVENTS);
  return {info, tree, isCut: cursor !== ''};
}
