import { Mistral } from '@mistralai/mistralai';

/** The unmodified official client of a server. */
export function clientOf(server, apiKey) {
  const client = new Mistral({ serverURL: server.url, apiKey });
  return {
    stream: (request = {}) => client.workflows.events.getStreamEvents(request),
    list: (request = {}) => client.workflows.events.getWorkflowEvents(request),
    execution: (executionId, eventSource, lastEventId) =>
      client.workflows.executions.stream({ executionId, eventSource, lastEventId }),
    workflows: client.workflows,
  };
}
