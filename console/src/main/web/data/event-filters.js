// @ts-check
// The filters of the event stream (contract, section 4). The page's URL uses the same names as the API.

export const TYPES = 'workflow_event_types';
export const METADATA = 'metadata_filters';

/** @typedef {{name: string, label: string, choices?: string[]}} Filter */

/** @type {Filter[]} */
export const FILTERS = [
  {name: 'workflow_name', label: 'Workflow'},
  {name: 'workflow_exec_id', label: 'Execution'},
  {name: 'root_workflow_exec_id', label: 'Tree of execution'},
  {name: 'parent_workflow_exec_id', label: 'Children of execution'},
  {name: TYPES, label: 'Type'},
  {name: 'scope', label: 'Scope', choices: ['workflow', 'activity']},
  {name: 'stream', label: 'Stream'},
  {name: 'activity_name', label: 'Activity'},
  {name: 'activity_id', label: 'Activity id'},
  {name: METADATA, label: 'Metadata'},
];

/** The event types by subject. @type {Record<string, string[]>} */
export const EVENT_TYPES = {
  WORKFLOW_EXECUTION: ['STARTED', 'COMPLETED', 'FAILED', 'CANCELED', 'CONTINUED_AS_NEW'],
  WORKFLOW_TASK: ['TIMED_OUT', 'FAILED'],
  CUSTOM_TASK: ['STARTED', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'TIMED_OUT', 'CANCELED'],
  ACTIVITY_TASK: ['STARTED', 'COMPLETED', 'RETRYING', 'FAILED'],
};

/** Request parameters. @typedef {Record<string, string | string[]>} StreamQuery */

/** Reads the filters of a URL, without `start_seq`. @param {URLSearchParams} params @returns {StreamQuery} */
export function filtersOf(params) {
  /** @type {StreamQuery} */
  const query = {};
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name).filter(value => value !== '' && value !== '*');
    if (name === TYPES) {
      query[name] = values.flatMap(value => value.split(','));
    } else if (values.length && (FILTERS.some(filter => filter.name === name) || name.startsWith(`${METADATA}[`))) {
      query[name] = /** @type {string} */ (values.at(-1));
    }
  }
  return query;
}

/** One chip per filter value. @param {StreamQuery} query @returns {{name: string, label: string, value: string, index: number}[]} */
export function chipsOf(query) {
  return Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value, index) => ({name, label: labelOf(name), value, index})));
}

/** @param {string} name */
function labelOf(name) {
  const key = metadataKey(name);
  return key === null ? (FILTERS.find(filter => filter.name === name)?.label ?? name) : `Metadata ${key}`;
}

/** @param {string} name of a parameter @returns {string | null} `tenant` of `metadata_filters[tenant]` */
export function metadataKey(name) {
  return name.startsWith(`${METADATA}[`) && name.endsWith(']') ? name.slice(METADATA.length + 1, -1) : null;
}

/**
 * Suggests values for a filter from received events.
 * @param {string} name of the filter
 * @param {any[]} events stream events
 */
export function suggestions(name, events) {
  const values = events.map(event => {
    const {data} = event;
    return {
      stream: event.stream,
      activity_name: data?.attributes?.activity_name,
      activity_id: data?.attributes?.activity_name && data?.attributes?.task_id,
    }[name] ?? data?.[name];
  });
  return [...new Set(values)].filter(value => typeof value === 'string' && value).sort().slice(0, 50);
}
