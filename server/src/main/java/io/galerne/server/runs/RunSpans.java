package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;

import io.galerne.protocol.ActivityTaskCompleted;
import io.galerne.protocol.ActivityTaskEvent;
import io.galerne.protocol.ActivityTaskFailed;
import io.galerne.protocol.ActivityTaskRetrying;
import io.galerne.protocol.ActivityTaskStarted;
import io.galerne.protocol.CustomTaskCanceled;
import io.galerne.protocol.CustomTaskCompleted;
import io.galerne.protocol.CustomTaskEvent;
import io.galerne.protocol.CustomTaskFailed;
import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.CustomTaskStarted;
import io.galerne.protocol.CustomTaskTimedOut;
import io.galerne.protocol.Event;
import io.galerne.protocol.Failure;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import io.galerne.protocol.UnknownEvent;
import io.galerne.protocol.WorkflowExecutionCanceled;
import io.galerne.protocol.WorkflowExecutionCompleted;
import io.galerne.protocol.WorkflowExecutionContinuedAsNew;
import io.galerne.protocol.WorkflowExecutionEvent;
import io.galerne.protocol.WorkflowExecutionFailed;
import io.galerne.protocol.WorkflowExecutionStarted;
import io.galerne.protocol.WorkflowTaskEvent;
import io.galerne.protocol.WorkflowTaskFailed;
import io.galerne.protocol.WorkflowTaskTimedOut;
import io.galerne.server.log.runs.Run;
import io.galerne.server.runs.Span.Kind;
import io.galerne.server.runs.Span.Moment;
import io.galerne.server.runs.Span.Status;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Builds the spans of one run from its events: the run, with its activities and custom tasks below
/// it. Takes the events in log order. Not safe for use by several threads.
///
/// Events do not say in which activity a custom task runs. If exactly one activity is running at
/// the task's first event, it becomes the parent. The run is the parent if none or several are
/// running, or if an internal activity of the worker publishes the event for the workflow itself.
final class RunSpans {
  /// Name prefixes of the worker's internal activities (contract, section 10).
  private static final List<String> INTERNAL = List.of("__internal__", "__emit_");

  /// Part of the name of the internal activity that publishes the start of the workflow's own
  /// custom task.
  private static final String EMITS_TASK = "emit_task";

  private final Run run;
  private final Span root;
  private final Map<String, Span> activities = new HashMap<>();

  /// Running activities, except internal ones. Linked, so that finding the only one takes constant
  /// time.
  private final Set<Span> underWay = new LinkedHashSet<>();

  /// Running activities that publish the start of the workflow's own custom task.
  private final Set<Span> startingTasks = new HashSet<>();

  private final Map<String, Span> customTasks = new HashMap<>();

  /// The number of spans per kind and task id: an id may be reused after its span has ended.
  private final Map<String, Integer> uses = new HashMap<>();

  RunSpans(Run run) {
    this.run = run;
    this.root =
        new Span(
            Kind.WORKFLOW,
            SpanId.span("run", run.namespace(), run.executionId(), run.runId()),
            run.workflowName(),
            false,
            run.firstSequence(),
            run.startNanos());
    root.json("kind", quote("workflow"));
    root.text("workflow_name", run.workflowName());
    root.text("execution_id", run.executionId());
    root.text("run_id", run.runId());
    root.text("parent_execution_id", run.parentExecutionId());
    root.text("root_execution_id", run.rootExecutionId());
    root.json("status", quote(run.status().name()));
    if (run.isOver()) {
      root.endAt(run.endNanos(), status());
    }
  }

  private Status status() {
    return switch (run.status()) {
      case COMPLETED, CONTINUED_AS_NEW -> Status.COMPLETED;
      case FAILED, CANCELED -> Status.FAILED;
      case RUNNING, RETRYING_AFTER_ERROR -> Status.RUNNING;
    };
  }

  Run run() {
    return run;
  }

  /// The span of the run, with all its descendants.
  Span root() {
    return root;
  }

  /// Whether this is the name of an internal activity of the worker.
  static boolean isInternal(String activity) {
    return INTERNAL.stream().anyMatch(activity::startsWith);
  }

  /// Applies the next event of the run.
  ///
  /// @return the span that the event belongs to
  Span see(long sequence, Event event) {
    return switch (event) {
      case WorkflowExecutionEvent workflow -> see(sequence, workflow);
      case WorkflowTaskEvent task -> see(sequence, task);
      case ActivityTaskEvent activity -> see(sequence, activity);
      case CustomTaskEvent task -> see(sequence, task);
      case UnknownEvent unknown -> {
        root.add(moment(sequence, unknown, null));
        yield root;
      }
    };
  }

  private Span see(long sequence, WorkflowExecutionEvent event) {
    switch (event) {
      case WorkflowExecutionStarted started -> {
        payload(root, "input", started.input());
        root.text("display_name", started.displayName());
        root.json("attempt", Integer.toString(started.attempt()));
      }
      case WorkflowExecutionCompleted completed -> payload(root, "result", completed.result());
      case WorkflowExecutionFailed failed -> root.failed(failed.failure().message());
      case WorkflowExecutionCanceled canceled -> root.failed(why("canceled", canceled.reason()));
      case WorkflowExecutionContinuedAsNew next ->
          root.text("new_execution_run_id", next.newExecutionRunId());
    }
    root.add(moment(sequence, event, failure(event)));
    return root;
  }

  private Span see(long sequence, WorkflowTaskEvent event) {
    String error =
        switch (event) {
          case WorkflowTaskFailed failed -> failed.failure().message();
          case WorkflowTaskTimedOut _ -> "timed out";
        };
    root.add(moment(sequence, event, error));
    return root;
  }

  private static @Nullable String failure(Event event) {
    Failure failure =
        switch (event) {
          case WorkflowExecutionFailed failed -> failed.failure();
          case ActivityTaskRetrying retrying -> retrying.failure();
          case ActivityTaskFailed failed -> failed.failure();
          case CustomTaskFailed failed -> failed.failure();
          default -> null;
        };
    return failure == null ? null : failure.message();
  }

  private Span see(long sequence, ActivityTaskEvent event) {
    Span span = activities.get(event.taskId());
    if (span == null || (event instanceof ActivityTaskStarted && span.isOver())) {
      span = newActivity(sequence, event);
    }
    long nanos = event.eventTimestampNanos();
    switch (event) {
      case ActivityTaskStarted started -> {
        if (!span.isStarted()) {
          span.startAt(nanos);
        }
        payload(span, "input", started.input());
      }
      case ActivityTaskCompleted completed -> {
        end(span, nanos, Status.COMPLETED);
        payload(span, "result", completed.result());
      }
      case ActivityTaskRetrying retrying -> {
        span.failed(retrying.failure().message());
        span.json("attempt", Integer.toString(retrying.attempt()));
      }
      case ActivityTaskFailed failed -> {
        end(span, nanos, Status.FAILED);
        span.failed(failed.failure().message());
        span.json("attempt", Integer.toString(failed.attempt()));
      }
    }
    span.add(moment(sequence, event, failure(event)));
    return span;
  }

  private static String why(String end, @Nullable String detail) {
    return detail == null ? end : end + ": " + detail;
  }

  private Span newActivity(long sequence, ActivityTaskEvent event) {
    Span span =
        new Span(
            Kind.ACTIVITY,
            id("activity", event.taskId()),
            event.activityName(),
            isInternal(event.activityName()),
            sequence,
            event.eventTimestampNanos());
    span.json("kind", quote("activity"));
    span.text("activity_name", event.activityName());
    span.text("task_id", event.taskId());
    activities.put(event.taskId(), span);
    if (!span.isInternal()) {
      underWay.add(span);
    } else if (span.name().contains(EMITS_TASK)) {
      startingTasks.add(span);
    }
    root.add(span);
    return span;
  }

  private void end(Span activity, long nanos, Status how) {
    activity.endAt(nanos, how);
    underWay.remove(activity);
    startingTasks.remove(activity);
  }

  private String id(String kind, String task) {
    int use = uses.merge(kind + " " + task, 1, Integer::sum);
    return SpanId.span(
        kind,
        run.namespace(),
        run.executionId(),
        run.runId(),
        task,
        use == 1 ? "" : Integer.toString(use));
  }

  private Span see(long sequence, CustomTaskEvent event) {
    Span span = customTasks.get(event.customTaskId());
    if (span == null || (event instanceof CustomTaskStarted && span.isOver())) {
      span = newCustomTask(sequence, event);
    }
    long nanos = event.eventTimestampNanos();
    switch (event) {
      case CustomTaskStarted started -> {
        if (!span.isStarted()) {
          span.startAt(nanos);
        }
        payload(span, "input", started.payload());
      }
      case CustomTaskInProgress _ -> {
        return span; // progress is part of the task's state, not of its span
      }
      case CustomTaskCompleted completed -> {
        span.endAt(nanos, Status.COMPLETED);
        payload(span, "result", completed.payload());
      }
      case CustomTaskFailed failed -> {
        span.endAt(nanos, Status.FAILED);
        span.failed(failed.failure().message());
      }
      case CustomTaskTimedOut timedOut -> {
        span.endAt(nanos, Status.FAILED);
        span.failed(why("timed out", timedOut.timeoutType()));
      }
      case CustomTaskCanceled canceled -> {
        span.endAt(nanos, Status.FAILED);
        span.failed(why("canceled", canceled.reason()));
      }
    }
    span.add(moment(sequence, event, failure(event)));
    return span;
  }

  private Span newCustomTask(long sequence, CustomTaskEvent event) {
    Span span =
        new Span(
            Kind.CUSTOM_TASK,
            id("custom_task", event.customTaskId()),
            event.customTaskType(),
            false,
            sequence,
            event.eventTimestampNanos());
    span.json("kind", quote("custom_task"));
    span.text("custom_task_type", event.customTaskType());
    span.text("custom_task_id", event.customTaskId());
    customTasks.put(event.customTaskId(), span);
    parentOfCustomTask().add(span);
    return span;
  }

  private Span parentOfCustomTask() {
    return underWay.size() == 1 && startingTasks.isEmpty() ? underWay.iterator().next() : root;
  }

  private static void payload(Span span, String key, @Nullable Payload payload) {
    if (payload == null) {
      return;
    }
    if (payload.isEncoded()) {
      span.text(key + "_encoding", String.join(", ", payload.encodingOptions()));
    } else if (payload instanceof JsonPayload json) {
      span.text(key, json.value().text());
    }
  }

  private static Moment moment(long sequence, Event event, @Nullable String error) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put(Span.BROKER_SEQUENCE, Long.toString(sequence));
    if (error != null) {
      attributes.put("error", quote(Span.cut(error)));
    }
    switch (event) {
      case ActivityTaskRetrying retrying ->
          attributes.put("attempt", Integer.toString(retrying.attempt()));
      case ActivityTaskFailed failed ->
          attributes.put("attempt", Integer.toString(failed.attempt()));
      default -> {
        // nothing more
      }
    }
    return new Moment(
        sequence, event.eventId(), event.eventType(), event.eventTimestampNanos(), attributes);
  }
}
