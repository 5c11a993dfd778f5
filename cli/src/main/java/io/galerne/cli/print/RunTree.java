package io.galerne.cli.print;

import io.galerne.protocol.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/// Knows how deep an execution stands below its root. Remembers the executions it saw last; one
/// that it has forgotten is drawn directly below its root.
final class RunTree {
  /// So many executions at a time fill no memory and are more than anybody follows by eye.
  private static final int MOST_EXECUTIONS = 10_000;

  private static final int LONGEST_ID = 8;

  private final Map<String, Integer> depths =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MOST_EXECUTIONS;
        }
      };

  /// Where the execution of an event stands, and what it is called for short.
  ///
  /// @param depth 0 for a root
  record Place(int depth, String name, String shortId) {}

  Place place(Event event) {
    int depth =
        event.parentWorkflowExecId().map(parent -> depths.getOrDefault(parent, 0) + 1).orElse(0);
    depths.put(event.workflowExecId(), depth);
    return new Place(depth, event.workflowName(), shortId(event));
  }

  /// What tells this execution from others of its workflow: the id, without the workflow's name
  /// that many begin with, and of that the beginning.
  private static String shortId(Event event) {
    String id = event.workflowExecId();
    if (id.startsWith(event.workflowName())) {
      id = id.substring(event.workflowName().length()).replaceFirst("^[^\\p{L}\\p{N}]+", "");
    }
    int length = Math.min(LONGEST_ID, id.codePointCount(0, id.length()));
    return id.substring(0, id.offsetByCodePoints(0, length));
  }
}
