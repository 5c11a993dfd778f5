package io.galerne.server.log.runs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A naive index of runs, written from the contract, section 8: it evaluates the JSON of all
/// retained events, without incremental folds, keys or tables.
public final class RunOracle {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> ENDS =
      Set.of(
          "WORKFLOW_EXECUTION_COMPLETED",
          "WORKFLOW_EXECUTION_FAILED",
          "WORKFLOW_EXECUTION_CANCELED",
          "WORKFLOW_EXECUTION_CONTINUED_AS_NEW");

  /// The observable values of a run.
  ///
  /// @param start nanoseconds since 1970
  /// @param end null while the run is open
  /// @param first the sequence of its oldest event
  public record Told(
      String namespace,
      String execution,
      String run,
      String root,
      @Nullable String parent,
      String workflow,
      String status,
      long start,
      @Nullable Long end,
      boolean retried,
      long first,
      long last) {
    static Told of(Run run) {
      return new Told(
          run.namespace(),
          run.executionId(),
          run.runId(),
          run.rootExecutionId(),
          run.parentExecutionId(),
          run.workflowName(),
          run.status().name(),
          run.startNanos(),
          run.isOver() ? run.endNanos() : null,
          run.wasRetried(),
          run.firstSequence(),
          run.lastSequence());
    }
  }

  private record Event(
      long sequence, String type, long nanos, String activity, EventRecord event) {}

  private final List<Told> runs = new ArrayList<>();

  /// @param events all retained events, by sequence
  public RunOracle(SortedMap<Long, EventRecord> events) {
    Map<List<String>, List<Event>> byRun = new LinkedHashMap<>();
    Map<List<String>, List<Event>> continuations = new HashMap<>();
    events.forEach((sequence, event) -> {
      String data =
          new String(event.bytes(), event.offset(Field.DATA), event.length(Field.DATA), UTF_8);
      JsonNode json = JSON.readTree(data);
      List<String> id =
          List.of(
              text(event, Field.NAMESPACE),
              json.get("workflow_exec_id").asString(),
              json.get("workflow_run_id").asString());
      Event told =
          new Event(
              sequence,
              json.get("event_type").asString(),
              json.get("event_timestamp").asLong(),
              json.get("attributes").path("task_id").asString(""),
              event);
      byRun.computeIfAbsent(id, _ -> new ArrayList<>()).add(told);
      List<String> previous =
          List.of(id.get(0), id.get(1), json.path("continued_run_id").asString(""));
      if (told.type().endsWith("EXECUTION_STARTED") && !previous.equals(id)) {
        continuations.computeIfAbsent(previous, _ -> new ArrayList<>()).add(told);
      }
    });
    byRun.forEach((id, of) -> runs.add(told(of, continuations.getOrDefault(id, List.of()))));
  }

  private static String text(EventRecord event, Field field) {
    return String.valueOf(event.text(field));
  }

  /// @param continuations the start events of other runs that continue this one
  private static Told told(List<Event> events, List<Event> continuations) {
    Event first = events.getFirst();
    Optional<Event> continued = last(continuations, event -> event.sequence() > first.sequence());
    Optional<Event> started = last(events, event -> event.type().endsWith("EXECUTION_STARTED"));
    Optional<Event> ended = last(events, event -> ENDS.contains(event.type()));
    Map<String, String> activities = new HashMap<>();
    events.stream()
        .filter(event -> event.type().startsWith("ACTIVITY_"))
        .forEach(event -> activities.put(event.activity(), event.type()));
    String underWay =
        activities.containsValue("ACTIVITY_TASK_RETRYING") ? "RETRYING_AFTER_ERROR" : "RUNNING";
    return new Told(
        text(first.event(), Field.NAMESPACE),
        text(first.event(), Field.WORKFLOW_EXEC_ID),
        text(first.event(), Field.WORKFLOW_RUN_ID),
        text(first.event(), Field.ROOT_WORKFLOW_EXEC_ID),
        first.event().text(Field.PARENT_WORKFLOW_EXEC_ID),
        text(first.event(), Field.WORKFLOW_NAME),
        ended
            .map(event -> event.type().replace("WORKFLOW_EXECUTION_", ""))
            .orElse(continued.isPresent() ? "CONTINUED_AS_NEW" : underWay),
        started.orElse(first).nanos(),
        ended.or(() -> continued).map(Event::nanos).orElse(null),
        events.stream().anyMatch(event -> event.type().equals("ACTIVITY_TASK_RETRYING")),
        first.sequence(),
        events.getLast().sequence());
  }

  private static Optional<Event> last(List<Event> events, Predicate<Event> wanted) {
    return events.stream().filter(wanted).reduce((_, later) -> later);
  }

  public List<Told> runs() {
    return List.copyOf(runs);
  }

  Optional<Told> run(String namespace, String id) {
    return newest(run -> run.namespace().equals(namespace) && run.run().equals(id));
  }

  Optional<Told> newestRun(String namespace, String execution) {
    return newest(run -> run.namespace().equals(namespace) && run.execution().equals(execution));
  }

  private Optional<Told> newest(Predicate<Told> wanted) {
    return runs.stream().filter(wanted).max(Comparator.comparingLong(Told::first));
  }

  /// The parameters of a list.
  ///
  /// @param statuses empty for any
  record Wanted(
      String namespace,
      @Nullable String workflow,
      @Nullable String root,
      @Nullable String search,
      Set<RunStatus> statuses,
      boolean byEnd,
      boolean ascending,
      @Nullable Long startAfter,
      @Nullable Long startBefore,
      @Nullable Long endAfter,
      @Nullable Long endBefore) {

    static Wanted all(String namespace) {
      return new Wanted(
          namespace, null, null, null, Set.of(), false, false, null, null, null, null);
    }

    RunQuery query() {
      RunQuery.Builder query =
          RunQuery.in(namespace)
              .ascending(ascending)
              .sort(byEnd ? RunQuery.Sort.END_TIME : RunQuery.Sort.START_TIME);
      if (workflow != null) {
        query.workflowName(workflow);
      }
      if (root != null) {
        query.rootExecutionId(root);
      }
      if (search != null) {
        query.search(search);
      }
      if (!statuses.isEmpty()) {
        query.statuses(statuses);
      }
      if (startAfter != null || startBefore != null) {
        query.started(
            startAfter == null ? Long.MIN_VALUE : startAfter,
            startBefore == null ? Long.MAX_VALUE : startBefore);
      }
      if (endAfter != null || endBefore != null) {
        query.ended(
            endAfter == null ? Long.MIN_VALUE : endAfter,
            endBefore == null ? Long.MAX_VALUE : endBefore);
      }
      return query.build();
    }

    boolean selects(Told run) {
      Long end = run.end();
      boolean needsEnd = byEnd || endAfter != null || endBefore != null;
      return run.namespace().equals(namespace)
          && (workflow == null || workflow.equals(run.workflow()))
          && (root == null || root.equals(run.root()))
          && (search == null || found(run))
          && (statuses.isEmpty() || statuses.contains(RunStatus.valueOf(run.status())))
          && (startAfter == null || run.start() >= startAfter)
          && (startBefore == null || run.start() <= startBefore)
          && (!needsEnd || end != null)
          && (endAfter == null || end >= endAfter)
          && (endBefore == null || end <= endBefore);
    }

    private boolean found(Told run) {
      String part = search.toLowerCase(Locale.ROOT);
      return (run.workflow() + "\n" + run.execution() + "\n" + run.run())
          .toLowerCase(Locale.ROOT)
          .contains(part);
    }

    long time(Told run) {
      return byEnd ? run.end() : run.start();
    }
  }

  /// The matching runs by sort key. Runs with the same time are unordered.
  SortedMap<Long, Set<Told>> list(Wanted wanted) {
    SortedMap<Long, Set<Told>> list =
        new TreeMap<>(
            wanted.ascending() ? Comparator.<Long>naturalOrder() : Comparator.reverseOrder());
    for (Told run : runs) {
      if (wanted.selects(run)) {
        list.computeIfAbsent(wanted.time(run), _ -> new java.util.HashSet<>()).add(run);
      }
    }
    return list;
  }
}
