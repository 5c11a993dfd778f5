package io.galerne.cli.print;

import io.galerne.protocol.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/// The depth of executions below their roots. Remembers the most recent executions; if the parent
/// is forgotten, an execution counts as directly below its root.
final class RunTree {
  /// More than anyone follows by eye, and too few to fill the memory.
  private static final int MOST_EXECUTIONS = 10_000;

  private final Map<String, Integer> depths =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MOST_EXECUTIONS;
        }
      };

  /// Returns the depth of the event's execution; 0 for a root.
  int depth(Event event) {
    int depth =
        event.parentWorkflowExecId().map(parent -> depths.getOrDefault(parent, 0) + 1).orElse(0);
    depths.put(event.workflowExecId(), depth);
    return depth;
  }
}
