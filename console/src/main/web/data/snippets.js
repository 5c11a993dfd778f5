// @ts-check
// Programs that read the displayed stream. They take the API key from the environment and never contain it.

import {METADATA, TYPES, metadataKey} from './event-filters.js';

const PATH = '/v1/workflows/events/stream';
const KEY_VARIABLE = 'GALERNE_API_KEY';

/**
 * @typedef {object} Source
 * @property {string} server base URL
 * @property {import('./event-filters.js').StreamQuery} query
 * @property {number} start first sequence; 0: all events, -1: only new events
 * @property {boolean} needsKey
 */

/** @param {Source} source */
export function curl({server, query, start, needsKey}) {
  const params = new URLSearchParams();
  for (const [name, values] of Object.entries({...query, start_seq: String(start)})) {
    [values].flat().forEach(value => params.append(name, value));
  }
  // Quotes are percent-encoded, so the shell interprets nothing.
  const url = `${server}${PATH}?${params}`.replaceAll("'", '%27');
  return `curl -N ${needsKey ? `-H "authorization: Bearer $${KEY_VARIABLE}" ` : ''}'${url}'`;
}

/** @param {Source} source */
export function java({server, query, start, needsKey}) {
  const types = [query[TYPES] ?? []].flat().filter(isWord);
  const calls = [
    ...texts(query).map(([name, value]) => `${camel(name)}(${quoted(value)})`),
    ...(isWord(query.scope) ? [`scope(Scope.${String(query.scope).toUpperCase()})`] : []),
    ...(types.length ? [`workflowEventTypes(${types.map(type => `EventType.${type}`).join(', ')})`] : []),
    ...metadata(query).map(([key, value]) => `metadataFilter(${quoted(key)}, ${quoted(value)})`),
    `startSeq(${start}${Math.abs(start) > 2 ** 31 ? 'L' : ''})`,
  ];
  const imports = ['client.EventStream', 'client.Mistral', ...(types.length ? ['protocol.EventType'] : []), ...(query.scope ? ['protocol.Scope'] : []), 'protocol.StreamEvent'];
  const key = needsKey ? `\n                .apiKey(System.getenv("${KEY_VARIABLE}"))` : '';
  return `${imports.map(name => `import io.galerne.${name};`).join('\n')}

public class Follow {
  public static void main(String[] args) {
    try (Mistral mistral =
            Mistral.builder()
                .serverUrl(${quoted(server)})${key}
                .build();
        EventStream events =
            mistral.events().getStreamEvents(
                request ->
                    request
${calls.map(call => `                        .${call}`).join('\n')})) {
      for (StreamEvent event : events) {
        System.out.println(event.brokerSequence() + " " + event.data().eventType());
      }
    }
  }
}
`;
}

/** @param {Source} source */
export function python({server, query, start, needsKey}) {
  const types = [query[TYPES] ?? []].flat();
  const members = metadata(query).map(([key, value]) => `${quoted(key)}: ${quoted(value)}`);
  const args = [
    ...texts(query).map(([name, value]) => `${name}=${quoted(value)}`),
    ...(query.scope ? [`scope=${quoted(String(query.scope))}`] : []),
    ...(types.length ? [`${TYPES}=[${types.map(quoted).join(', ')}]`] : []),
    ...(members.length ? [`${METADATA}={${members.join(', ')}}`] : []),
    `start_seq=${start}`,
  ];
  return `${needsKey ? 'import os\n\n' : ''}from mistralai.client import Mistral

mistral = Mistral(server_url=${quoted(server)}, api_key=${needsKey ? `os.environ["${KEY_VARIABLE}"]` : '"none"'})

with mistral.workflows.events.get_stream_events(
${args.map(arg => `    ${arg},`).join('\n')}
) as events:
    for event in events:
        print(event.data.broker_sequence, event.data.data.event_type)
`;
}

/** Filters with a single string value. @param {Source['query']} query @returns {[string, string][]} */
function texts(query) {
  return Object.entries(query).flatMap(([name, value]) =>
    name === TYPES || name === 'scope' || name.startsWith(METADATA) ? [] : [/** @type {[string, string]} */ ([name, String(value)])]);
}

/** @param {Source['query']} query @returns {[string, string][]} */
function metadata(query) {
  return Object.entries(query).flatMap(([name, value]) => {
    const key = metadataKey(name);
    return key !== null ? [/** @type {[string, string]} */ ([key, String(value)])] : name === METADATA ? members(String(value)) : [];
  });
}

/** @param {string} json an object @returns {[string, string][]} */
function members(json) {
  try {
    return Object.entries(JSON.parse(json)).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  } catch {
    return []; // the server reports what is wrong with it
  }
}

/** @param {any} text */
function isWord(text) {
  return typeof text === 'string' && /^\w+$/.test(text);
}

/** A string literal for Java and Python, with invisible characters escaped. @param {string} text */
function quoted(text) {
  return JSON.stringify(text).replace(/[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @param {string} name */
function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}
