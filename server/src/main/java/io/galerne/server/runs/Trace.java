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

/// What happened in an execution and in all that it started: a tree of spans, and the list of its events.
/// An execution of one run is that run's span; one of several runs has them as its children.
///
/// Immutable once it is read.
final class Trace {
  /// Most runs of a trace, and most events beside the progress of custom tasks that are known: as much
  /// as somebody looks at, and as a server can hold for several who ask at a time. What is beyond is
  /// left out, and the trace says so.
  private static final int MOST_RUNS = 2_000;

  private static final int MOST_EVENTS = 10_000;

  /// How deep spans may be nested: each is two levels of JSON, and parsers stop at 500 or more. What is
  /// deeper is left out, too.
  private static final int MOST_DEPTH = 100;

  /// One event of a trace.
  ///
  /// @param moment when it happened, which is one of its span
  /// @param span that it is of
  /// @param point whether it is no more than a moment: it neither starts nor ends its span
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
  /// @param abandoned whether nobody waits for the answer any more
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

  /// Its events in the order of the log, but for the progress of custom tasks.
  List<Line> lines() {
    return lines;
  }

  /// Whether something was left out because there was too much.
  boolean isCut() {
    return cut;
  }

  /// Puts a trace together. For one trace.
  private static final class Reading {
    private final EventLog log;
    private final Run newest;
    private final BooleanSupplier abandoned;
    private final Map<String, List<RunSpans>> executions = new LinkedHashMap<>();
    private final List<Line> lines = new ArrayList<>();

    /// How many events are kept: those of [#lines], and the progress that began a span.
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

    /// The runs of the execution and of all that descend from it.
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
        own.add(newest); // it has ended or started over just now, or the tree was cut before it
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

    /// The span that a child execution stands below: the run of its parent that was under way when it
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

    /// Puts the children of spans in order, and leaves out what is nested too deep.
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
