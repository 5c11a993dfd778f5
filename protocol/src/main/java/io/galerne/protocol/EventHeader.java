package io.galerne.protocol;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The common fields of all events (contract, section 1). Immutable.
public final class EventHeader {
  private final String eventId;
  private final long eventTimestampNanos;
  private final String rootWorkflowExecId;
  private final @Nullable String parentWorkflowExecId;
  private final String workflowExecId;
  private final String workflowRunId;
  private final String workflowName;
  private final @Nullable String continuedRunId;
  private final @Nullable String firstExecutionRunId;
  private final @Nullable String chainRunId;
  private final @Nullable String scheduleId;

  private EventHeader(
      String eventId,
      long eventTimestampNanos,
      String rootWorkflowExecId,
      String workflowExecId,
      String workflowRunId,
      String workflowName,
      Builder optional) {
    this.eventId = eventId;
    this.eventTimestampNanos = eventTimestampNanos;
    this.rootWorkflowExecId = rootWorkflowExecId;
    this.parentWorkflowExecId = optional.parentWorkflowExecId;
    this.workflowExecId = workflowExecId;
    this.workflowRunId = workflowRunId;
    this.workflowName = workflowName;
    this.continuedRunId = optional.continuedRunId;
    this.firstExecutionRunId = optional.firstExecutionRunId;
    this.chainRunId = optional.chainRunId;
    this.scheduleId = optional.scheduleId;
  }

  /// A builder that generates an `event_id` and uses the current time if they are not set.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder for another event of the same run, with a new `event_id` and time.
  public Builder next() {
    return builder()
        .rootWorkflowExecId(rootWorkflowExecId)
        .parentWorkflowExecId(parentWorkflowExecId)
        .workflowExecId(workflowExecId)
        .workflowRunId(workflowRunId)
        .workflowName(workflowName)
        .continuedRunId(continuedRunId)
        .firstExecutionRunId(firstExecutionRunId)
        .chainRunId(chainRunId)
        .scheduleId(scheduleId);
  }

  /// The event's id, unique in its namespace.
  public String eventId() {
    return eventId;
  }

  /// When the event happened, in nanoseconds since 1970-01-01T00:00:00Z.
  public long eventTimestampNanos() {
    return eventTimestampNanos;
  }

  /// The root of the execution tree; for a root, the execution itself.
  public String rootWorkflowExecId() {
    return rootWorkflowExecId;
  }

  /// The execution that started this one; null for a root.
  public @Nullable String parentWorkflowExecId() {
    return parentWorkflowExecId;
  }

  /// The execution id, which stays the same after continue-as-new.
  public String workflowExecId() {
    return workflowExecId;
  }

  /// The run id, which changes with continue-as-new.
  public String workflowRunId() {
    return workflowRunId;
  }

  /// The registered name of the workflow.
  public String workflowName() {
    return workflowName;
  }

  /// The run that this one continues; null if there is none.
  public @Nullable String continuedRunId() {
    return continuedRunId;
  }

  /// The first run of the execution; null if unknown.
  public @Nullable String firstExecutionRunId() {
    return firstExecutionRunId;
  }

  /// The id shared by all runs and descendants of one start of an execution; null if unknown.
  public @Nullable String chainRunId() {
    return chainRunId;
  }

  /// The schedule that started the execution; null if none did.
  public @Nullable String scheduleId() {
    return scheduleId;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventHeader header && header.values().equals(values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  private List<@Nullable Object> values() {
    return Arrays.asList(
        eventId,
        eventTimestampNanos,
        rootWorkflowExecId,
        parentWorkflowExecId,
        workflowExecId,
        workflowRunId,
        workflowName,
        continuedRunId,
        firstExecutionRunId,
        chainRunId,
        scheduleId);
  }

  /// The event's id and run, for display.
  @Override
  public String toString() {
    return "event " + eventId + " of run " + workflowRunId + " of " + workflowExecId;
  }

  /// Builds headers. Execution, run and workflow name are required. Reusable: each header gets its
  /// own `event_id` and time.
  public static final class Builder {
    private @Nullable String eventId;
    private @Nullable Long eventTimestampNanos;
    private @Nullable String rootWorkflowExecId;
    private @Nullable String parentWorkflowExecId;
    private @Nullable String workflowExecId;
    private @Nullable String workflowRunId;
    private @Nullable String workflowName;
    private @Nullable String continuedRunId;
    private @Nullable String firstExecutionRunId;
    private @Nullable String chainRunId;
    private @Nullable String scheduleId;

    private Builder() {}

    /// Default: a random UUID.
    public Builder eventId(String id) {
      this.eventId = id;
      return this;
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z. Default: now.
    public Builder eventTimestampNanos(long nanos) {
      this.eventTimestampNanos = nanos;
      return this;
    }

    /// Default: the execution itself, which makes it a root.
    public Builder rootWorkflowExecId(@Nullable String id) {
      this.rootWorkflowExecId = id;
      return this;
    }

    /// The execution that started this one; then the root is required too.
    public Builder parentWorkflowExecId(@Nullable String id) {
      this.parentWorkflowExecId = id;
      return this;
    }

    /// The execution id, which stays the same after continue-as-new. Required.
    public Builder workflowExecId(String id) {
      this.workflowExecId = id;
      return this;
    }

    /// The run id, which changes with continue-as-new. Required.
    public Builder workflowRunId(String id) {
      this.workflowRunId = id;
      return this;
    }

    /// The registered name of the workflow. Required.
    public Builder workflowName(String name) {
      this.workflowName = name;
      return this;
    }

    /// The run that this one continues. Default: none.
    public Builder continuedRunId(@Nullable String id) {
      this.continuedRunId = id;
      return this;
    }

    /// The first run of the execution. Default: unknown.
    public Builder firstExecutionRunId(@Nullable String id) {
      this.firstExecutionRunId = id;
      return this;
    }

    /// The id shared by all runs and descendants of one start of an execution. Default: unknown.
    public Builder chainRunId(@Nullable String id) {
      this.chainRunId = id;
      return this;
    }

    /// The schedule that started the execution. Default: none.
    public Builder scheduleId(@Nullable String id) {
      this.scheduleId = id;
      return this;
    }

    /// Builds the header.
    ///
    /// @throws IllegalStateException if execution, run or workflow name is missing, or there is a
    ///     parent but no root
    public EventHeader build() {
      String execId = given(workflowExecId, "workflowExecId");
      if (rootWorkflowExecId == null && parentWorkflowExecId != null) {
        throw new IllegalStateException(
            "An execution with a parent needs rootWorkflowExecId: " + execId);
      }
      return new EventHeader(
          eventId == null ? UUID.randomUUID().toString() : eventId,
          eventTimestampNanos == null
              ? EventTimestamp.nanos(Clock.systemUTC().instant())
              : eventTimestampNanos,
          rootWorkflowExecId == null ? execId : rootWorkflowExecId,
          execId,
          given(workflowRunId, "workflowRunId"),
          given(workflowName, "workflowName"),
          this);
    }

    private static String given(@Nullable String value, String name) {
      if (value == null) {
        throw new IllegalStateException("An event needs " + name);
      }
      return value;
    }
  }
}
