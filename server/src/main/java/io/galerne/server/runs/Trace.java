package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;
import static java.util.Objects.requireNonNull;

import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.Event;
import io.galerne.protocol.WorkflowTaskEvent;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.runs.Run;
import io.galerne.server.log.runs.RunPage;
import io.galerne.server.log.runs.RunPosition;
import io.galerne.server.log.runs.RunQuery;
import io.galerne.server.runs.Span.Kind;
import io.galerne.server.runs.Span.Moment;
import io.galerne.server.runs.Span.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The trace of an execution and its descendants: a span tree and the list of its events. An
/// execution with one run is that run's span; one with several runs has them as children.
///
/// Immutable after [#read].
final class Trace {
  /// Maximum number of runs, and of events besides the progress of known custom tasks: more than a
  /// person reads, and small enough to hold for several requests at a time. If more exist, the
  /// trace is truncated and marked so.
  private static final int MOST_RUNS = 2_000;

  private static final int MOST_EVENTS = 10_000;

  /// Maximum nesting of spans: each is two levels of JSON, and parsers stop at 500 or more. Deeper
  /// spans are left out, too.
  private static final int MOST_DEPTH = 100;

  /// One event of a trace.
  ///
  /// @param moment the event, one of its span's moments
  /// @param span the span that it belongs to
  /// @param point whether it is only a point in time: it neither starts nor ends its span
  record Line(
      Moment moment,
      Span span,
      boolean point,
      Status status,
      @Nullable Long end,
      @Nullable String error) {}

  private final Run run;
  private final Span root;
  private final List<Line> lines;
  private final boolean cut;

  private Trace(Run run, Span root, List<Line> lines, boolean cut) {
    this.run = run;
    this.root = root;
    this.lines = List.copyOf(lines);
    this.cut = cut;
  }

  /// Reads the trace of an execution.
  ///
  /// @param newest its newest run
  /// @param abandoned whether the caller no longer waits for the answer
  /// @throws io.galerne.server.log.LogUnavailableException if the log cannot be read
  static Trace read(EventLog log, Run newest, BooleanSupplier abandoned) {
    return new Reading(log, newest, abandoned).read();
  }

  /// The newest run of the execution.
  Run run() {
    return run;
  }

  Span root() {
    return root;
  }

  /// Its events in log order, without the progress of custom tasks.
  List<Line> lines() {
    return lines;
  }

  /// Whether it was truncated at a limit.
  boolean isCut() {
    return cut;
  }

  /// Builds one trace.
  private static final class Reading {
    private final EventLog log;
    private final Run newest;
    private final BooleanSupplier abandoned;
    private final Map<String, List<RunSpans>> executions = new LinkedHashMap<>();
    private final List<Line> lines = new ArrayList<>();

    /// The number of events that count towards the limit: [#lines], and progress that began a span.
    private int events;

    private boolean cut;

    private Reading(EventLog log, Run newest, BooleanSupplier abandoned) {
      this.log = log;
      this.newest = newest;
      this.abandoned = abandoned;
    }

    private Trace read() {
      for (Run found : below()) {
        executions
            .computeIfAbsent(found.executionId(), _ -> new ArrayList<>())
            .add(new RunSpans(found));
      }
      executions
          .values()
          .forEach(
              runs -> runs.sort(Comparator.comparingLong(spans -> spans.run().firstSequence())));
      executions.values().forEach(this::readEvents);
      lines.sort(Comparator.comparingLong(line -> line.moment().sequence()));
      Map<String, Span> roots = new LinkedHashMap<>();
      executions.forEach((id, runs) -> roots.put(id, root(runs)));
      Span root = requireNonNull(roots.get(newest.executionId()));
      executions.forEach((id, runs) -> {
        if (!id.equals(newest.executionId())) {
          parent(runs, root).add(requireNonNull(roots.get(id)));
        }
      });
      arrange(root, 1);
      return new Trace(newest, root, lines, cut);
    }

    /// The runs of the execution and of all its descendants.
    private List<Run> below() {
      Map<String, List<Run>> byParent = new HashMap<>();
      List<Run> own = new ArrayList<>();
      for (Run found : tree()) {
        if (found.executionId().equals(newest.executionId())) {
          own.add(found);
        } else if (found.parentExecutionId() != null) {
          byParent.computeIfAbsent(found.parentExecutionId(), _ -> new ArrayList<>()).add(found);
        }
      }
      if (own.stream().noneMatch(found -> found.runId().equals(newest.runId()))) {
        own.add(newest); // its status has just changed, or the tree was truncated before it
      }
      List<Run> below = new ArrayList<>(own);
      Deque<String> parents = new ArrayDeque<>(List.of(newest.executionId()));
      while (!parents.isEmpty()) {
        List<Run> children = byParent.remove(parents.remove());
        if (children != null) {
          below.addAll(children);
          children.stream().map(Run::executionId).distinct().forEach(parents::add);
        }
      }
      return below;
    }

    private List<Run> tree() {
      RunQuery query =
          RunQuery.in(newest.namespace())
              .rootExecutionId(newest.rootExecutionId())
              .ascending(true)
              .build();
      List<Run> tree = new ArrayList<>();
      Optional<RunPosition> after = Optional.empty();
      do {
        RunPage page = log.runs().list(query, after, MOST_RUNS - tree.size());
        tree.addAll(page.runs());
        after = page.next();
      } while (after.isPresent() && tree.size() < MOST_RUNS);
      cut = after.isPresent();
      return tree;
    }

    private void readEvents(List<RunSpans> runs) {
      Run any = runs.getFirst().run();
      EventFilter filter =
          EventFilter.in(any.namespace()).where(Field.WORKFLOW_EXEC_ID, any.executionId()).build();
      long last = runs.stream().mapToLong(spans -> spans.run().lastSequence()).max().orElse(0);
      Map<String, RunSpans> byRun = new HashMap<>();
      runs.forEach(spans -> byRun.put(spans.run().runId(), spans));
      RunEvents.visit(
          log,
          filter,
          any.firstSequence(),
          last,
          abandoned,
          (sequence, record) -> {
            RunSpans spans = byRun.get(record.text(Field.WORKFLOW_RUN_ID));
            if (spans == null || sequence > spans.run().lastSequence()) {
              return Verdict.TAKEN; // newer than the runs
            }
            if (events == MOST_EVENTS) {
              cut = true;
              return Verdict.REFUSED;
            }
            see(sequence, RunEvents.event(record), spans);
            return Verdict.TAKEN;
          });
    }

    private void see(long sequence, Event event, RunSpans spans) {
      Span span = spans.see(sequence, event);
      if (event instanceof CustomTaskInProgress) {
        events += span.firstSequence() == sequence ? 1 : 0;
      } else {
        events++;
        boolean ends =
            span.kind() == Kind.WORKFLOW
                ? event.endsExecution() || event.eventType().endsWith("CONTINUED_AS_NEW")
                : span.end() != null;
        lines.add(
            new Line(
                span.moments().getLast(),
                span,
                event instanceof WorkflowTaskEvent,
                ends ? span.status() : Status.RUNNING,
                ends ? span.end() : null,
                span.error()));
      }
    }

    /// The span of an execution.
    private static Span root(List<RunSpans> runs) {
      if (runs.size() == 1) {
        return runs.getFirst().root();
      }
      Run first = runs.getFirst().run();
      Run last = runs.getLast().run();
      Span root =
          new Span(
              Kind.EXECUTION,
              SpanId.span("execution", first.namespace(), first.executionId()),
              last.workflowName(),
              false,
              first.firstSequence(),
              first.startNanos());
      root.json("kind", quote("execution"));
      root.text("workflow_name", last.workflowName());
      root.text("execution_id", last.executionId());
      root.text("parent_execution_id", last.parentExecutionId());
      root.text("root_execution_id", last.rootExecutionId());
      root.json("status", quote(last.status().name()));
      Span newest = runs.getLast().root();
      Long end = newest.end();
      if (end != null) {
        root.endAt(end, newest.status());
      }
      String error = newest.error();
      if (error != null) {
        root.failed(error);
      }
      runs.forEach(spans -> root.add(spans.root()));
      return root;
    }

    /// The parent span of a child execution: the run of its parent execution that was open when it
    /// began.
    private Span parent(List<RunSpans> child, Span root) {
      Run first = child.getFirst().run();
      String parent = first.parentExecutionId();
      List<RunSpans> runs = parent == null ? List.of() : executions.getOrDefault(parent, List.of());
      RunSpans found = null;
      for (RunSpans spans : runs) {
        if (found == null || spans.run().firstSequence() <= first.firstSequence()) {
          found = spans;
        }
      }
      return found == null ? root : found.root();
    }

    /// Sorts the children of spans and removes those that are nested too deep.
    private void arrange(Span span, int depth) {
      List<Span> children = span.children();
      if (depth == MOST_DEPTH && !children.isEmpty()) {
        children.clear();
        cut = true;
      }
      children.sort(Comparator.comparingLong(Span::start).thenComparingLong(Span::firstSequence));
      children.forEach(child -> arrange(child, depth + 1));
    }
  }
}
