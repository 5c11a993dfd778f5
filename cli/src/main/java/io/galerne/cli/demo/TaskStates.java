package io.galerne.cli.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Keeps what custom tasks hold, from their first event to their last.
final class TaskStates {
  /// Tasks that never end must not fill the memory.
  private static final int MOST_TASKS = 1_000;

  private final Map<String, JsonNode> states =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JsonNode> eldest) {
          return size() > MOST_TASKS;
        }
      };

  /// What the task of this event holds after it; a missing node where the event does not say.
  JsonNode after(StreamEvent event) {
    JsonNode payload = event.attributes().path("payload");
    if (payload.isMissingNode()) {
      return payload;
    }
    JsonNode value = payload.path("value");
    JsonNode state =
        payload.path("type").asString("").equals("json_patch")
            ? JsonPatch.apply(states.getOrDefault(key(event), Json.object()), value)
            : value;
    states.put(key(event), state);
    return state;
  }

  void forget(StreamEvent event) {
    states.remove(key(event));
  }

  private static String key(StreamEvent event) {
    return event.workflowExecId() + "\n" + event.attributes().path("custom_task_id").asString("");
  }
}
