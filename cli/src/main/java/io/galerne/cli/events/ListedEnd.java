package io.galerne.cli.events;

import io.galerne.client.Mistral;
import io.galerne.client.WorkflowEventsRequest;
import io.galerne.protocol.ActivityTaskEvent;
import io.galerne.protocol.CustomTaskEvent;
import io.galerne.protocol.Event;
import io.galerne.protocol.UnknownEvent;
import org.jspecify.annotations.Nullable;

/// Checks whether a silent stream has delivered all stored events. A list ends after the last
/// stored event (contract, section 5); a stream never says so.
///
/// A list has fewer filters than a stream. So this is for exports of one execution, of a tree, or
/// of everything, whose lists are about as long as the export; and it looks for the last event that
/// may match, as far as a list shows the members that the other filters compare.
final class ListedEnd {
  private final FilterOptions filters;

  ListedEnd(FilterOptions filters) {
    this.filters = filters;
  }

  /// Returns whether a list can confirm the end.
  boolean isKnown() {
    return filters.workflowExecId != null
        || filters.rootWorkflowExecId != null
        || filters.areNone();
  }

  /// Returns whether no event that may match is stored after this one.
  ///
  /// @param eventId the last event that arrived; null if none did
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

  /// A list does not show the activity of a custom task.
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
