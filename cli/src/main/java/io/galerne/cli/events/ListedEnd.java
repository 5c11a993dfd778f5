package io.galerne.cli.events;

import io.galerne.client.Mistral;
import io.galerne.client.WorkflowEventsRequest;
import io.galerne.protocol.ActivityTaskEvent;
import io.galerne.protocol.CustomTaskEvent;
import io.galerne.protocol.Event;
import io.galerne.protocol.UnknownEvent;
import org.jspecify.annotations.Nullable;

/// Tells whether a stream that has fallen silent has brought all that is stored: a list ends where
/// nothing more is stored (contract, section 5), which a stream never says.
///
/// A list knows fewer filters than a stream. So this is for exports of one execution or tree, and of
/// everything, whose lists are about as long as they are themselves; and it looks for the last event
/// that may match, as far as a list shows what the other filters ask for.
final class ListedEnd {
  private final FilterOptions filters;

  ListedEnd(FilterOptions filters) {
    this.filters = filters;
  }

  /// Whether a list can tell.
  boolean isKnown() {
    return filters.workflowExecId != null
        || filters.rootWorkflowExecId != null
        || filters.areNone();
  }

  /// Whether nothing is stored that may match and stands behind this event.
  ///
  /// @param eventId the last that came; null where none did
  boolean isReachedWith(Mistral mistral, @Nullable String eventId) {
    String last = null;
    for (Event event : mistral.events().getAllWorkflowEvents(this::request)) {
      if (mayMatch(event)) {
        last = event.eventId();
      }
    }
    return last == null || last.equals(eventId);
  }

  private void request(WorkflowEventsRequest.Builder request) {
    request
        .workflowExecId(filters.workflowExecId)
        .rootWorkflowExecId(filters.rootWorkflowExecId)
        .limit(WorkflowEventsRequest.MAX_LIMIT)
        .options(options -> options.retries(CallRetries.OF_ANSWERS_AND_CONNECTIONS));
  }

  private boolean mayMatch(Event event) {
    if (event instanceof UnknownEvent) {
      return true;
    }
    boolean type =
        filters.workflowEventTypes.isEmpty()
            || event.type().filter(filters.workflowEventTypes::contains).isPresent();
    boolean scope =
        filters.scope == null || event.type().filter(it -> it.scope() == filters.scope).isPresent();
    return type && scope && mayBeOfActivity(event);
  }

  /// Of which activity a custom task is, a list does not show.
  private boolean mayBeOfActivity(Event event) {
    if (filters.activityName == null && filters.activityId == null) {
      return true;
    }
    return switch (event) {
      case ActivityTaskEvent activity ->
          (filters.activityName == null || filters.activityName.equals(activity.activityName()))
              && (filters.activityId == null || filters.activityId.equals(activity.taskId()));
      case CustomTaskEvent _ -> true;
      default -> false;
    };
  }
}
