package io.galerne.server.log.runs;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Selects and sorts runs. Immutable; safe for use by several threads.
public final class RunQuery {
  /// The sort key of a list.
  public enum Sort {
    START_TIME,
    /// Contains only runs that have ended.
    END_TIME
  }

  /// A time range in nanoseconds since 1970, both ends inclusive.
  record Times(long from, long to) {
    static final Times ANY = new Times(Long.MIN_VALUE, Long.MAX_VALUE);

    boolean contains(long nanos) {
      return from <= nanos && nanos <= to;
    }
  }

  private final String namespace;
  private final @Nullable String workflowName;
  private final @Nullable String rootExecutionId;
  private final @Nullable String search;
  private final Set<RunStatus> statuses;
  private final Sort sort;
  private final boolean ascending;
  private final Times started;
  private final Times ended;

  private RunQuery(Builder builder) {
    this.namespace = builder.namespace;
    this.workflowName = builder.workflowName;
    this.rootExecutionId = builder.rootExecutionId;
    this.search = builder.search;
    this.sort = builder.sort;
    this.ascending = builder.ascending;
    this.started = builder.started;
    this.ended = builder.ended;
    EnumSet<RunStatus> possible = EnumSet.copyOf(builder.statuses);
    if (sort == Sort.END_TIME || !ended.equals(Times.ANY)) {
      possible.removeIf(status -> !status.isFinal());
    }
    if (started.from() > started.to() || ended.from() > ended.to()) {
      possible.clear();
    }
    this.statuses = Collections.unmodifiableSet(possible);
  }

  /// A builder of a query for all runs of a namespace, newest start first. Add conditions to narrow
  /// it.
  public static Builder in(String namespace) {
    return new Builder(namespace);
  }

  /// Whether a run meets every condition.
  boolean matches(Run run) {
    return run.namespace().equals(namespace)
        && statuses.contains(run.status())
        && started.contains(run.startNanos())
        && (run.isOver() ? ended.contains(run.endNanos()) : ended.equals(Times.ANY))
        && (workflowName == null || run.workflowName().equals(workflowName))
        && (rootExecutionId == null || run.rootExecutionId().equals(rootExecutionId))
        && (search == null || isFound(search, run));
  }

  private static boolean isFound(String part, Run run) {
    return run.workflowName().toLowerCase(Locale.ROOT).contains(part)
        || run.executionId().toLowerCase(Locale.ROOT).contains(part)
        || run.runId().toLowerCase(Locale.ROOT).contains(part);
  }

  String namespace() {
    return namespace;
  }

  @Nullable String workflowName() {
    return workflowName;
  }

  @Nullable String rootExecutionId() {
    return rootExecutionId;
  }

  Set<RunStatus> statuses() {
    return statuses;
  }

  Sort sort() {
    return sort;
  }

  boolean ascending() {
    return ascending;
  }

  /// The time range of the sort key.
  Times sorted() {
    return sort == Sort.START_TIME ? started : ended;
  }

  /// The sort key of a run.
  long time(Run run) {
    return sort == Sort.START_TIME ? run.startNanos() : run.endNanos();
  }

  /// Collects the conditions of a [RunQuery]. Not safe for use by several threads.
  public static final class Builder {
    private final String namespace;
    private @Nullable String workflowName;
    private @Nullable String rootExecutionId;
    private @Nullable String search;
    private Set<RunStatus> statuses = EnumSet.allOf(RunStatus.class);
    private Sort sort = Sort.START_TIME;
    private boolean ascending;
    private Times started = Times.ANY;
    private Times ended = Times.ANY;

    private Builder(String namespace) {
      this.namespace = namespace;
    }

    public Builder workflowName(String name) {
      this.workflowName = name;
      return this;
    }

    /// Requires this root: selects its whole tree, including the root itself.
    public Builder rootExecutionId(String id) {
      this.rootExecutionId = id;
      return this;
    }

    /// Requires this substring in the workflow name, execution id or run id, ignoring case.
    public Builder search(String part) {
      this.search = part.toLowerCase(Locale.ROOT);
      return this;
    }

    /// Requires one of these statuses; an empty set selects nothing.
    public Builder statuses(Set<RunStatus> anyOf) {
      this.statuses = anyOf.isEmpty() ? EnumSet.noneOf(RunStatus.class) : EnumSet.copyOf(anyOf);
      return this;
    }

    public Builder sort(Sort by) {
      this.sort = by;
      return this;
    }

    public Builder ascending(boolean oldestFirst) {
      this.ascending = oldestFirst;
      return this;
    }

    /// Requires a start time in this range, in nanoseconds since 1970, both ends inclusive.
    public Builder started(long from, long to) {
      this.started = new Times(from, to);
      return this;
    }

    /// Requires an end time in this range; excludes open runs.
    public Builder ended(long from, long to) {
      this.ended = new Times(from, to);
      return this;
    }

    public RunQuery build() {
      return new RunQuery(this);
    }
  }
}
