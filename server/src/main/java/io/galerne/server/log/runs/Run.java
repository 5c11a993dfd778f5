package io.galerne.server.log.runs;

import static java.util.Objects.requireNonNull;

import io.galerne.protocol.EventType;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.IndexKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run of an execution: a pure fold over its retained events, in log order. Immutable; each
/// event yields a new value.
///
/// Of each kind of event, the last one counts. So the fold over the events that are retained after
/// expiry equals the fold over all events, minus what expired. Only the values from the first event
/// change; see [#from].
///
/// @param parentExecutionId null for a root
/// @param first its oldest event
/// @param lastSequence the sequence of its newest event
/// @param started its last start event
/// @param ended its last terminal event
/// @param ending the status after `ended`; null if it has no terminal event of its own
/// @param continued the last start event of another run that continues this one: the only sign of
///     continue-as-new from official workers
/// @param retriedSequence the sequence of its last `ACTIVITY_TASK_RETRYING`; 0 if there is none
/// @param retrying the activities whose newest event is `ACTIVITY_TASK_RETRYING`
public record Run(
    String namespace,
    String executionId,
    String runId,
    String rootExecutionId,
    @Nullable String parentExecutionId,
    String workflowName,
    Moment first,
    long lastSequence,
    Moment started,
    Moment ended,
    @Nullable RunStatus ending,
    Moment continued,
    long retriedSequence,
    List<Retry> retrying) {

  private static final long BASE_BYTES = 400;
  private static final long RETRY_BYTES = 40;

  /// The sequence and the timestamp of an event.
  ///
  /// @param sequence 0 if there is none
  /// @param nanos nanoseconds since 1970
  public record Moment(long sequence, long nanos) {
    static final Moment NONE = new Moment(0, 0);

    private static Moment of(long sequence, EventRecord event) {
      return new Moment(sequence, event.timestampNanos());
    }

    boolean exists() {
      return sequence > 0;
    }

    /// This moment, or [#NONE] if it lies before `oldest` and so has expired.
    private Moment from(long oldest) {
      return sequence >= oldest ? this : NONE;
    }
  }

  /// An activity that is being retried.
  ///
  /// @param activity its key in the index
  /// @param sequence the sequence of its `ACTIVITY_TASK_RETRYING`
  public record Retry(long activity, long sequence) {}

  /// The run whose oldest event is this one.
  static Run of(long sequence, EventRecord event) {
    return beginning(sequence, event).after(sequence, event);
  }

  private static Run beginning(long sequence, EventRecord event) {
    String execution = requireNonNull(event.text(Field.WORKFLOW_EXEC_ID));
    String root = event.text(Field.ROOT_WORKFLOW_EXEC_ID);
    return new Run(
        requireNonNull(event.text(Field.NAMESPACE)),
        execution,
        requireNonNull(event.text(Field.WORKFLOW_RUN_ID)),
        root == null ? execution : root,
        event.text(Field.PARENT_WORKFLOW_EXEC_ID),
        requireNonNull(event.text(Field.WORKFLOW_NAME)),
        Moment.of(sequence, event),
        sequence,
        Moment.NONE,
        Moment.NONE,
        null,
        Moment.NONE,
        0,
        List.of());
  }

  private Run with(
      long newLast,
      Moment newStarted,
      Moment newEnded,
      @Nullable RunStatus newEnding,
      Moment newContinued,
      long newRetried,
      List<Retry> newRetrying) {
    return new Run(
        namespace,
        executionId,
        runId,
        rootExecutionId,
        parentExecutionId,
        workflowName,
        first,
        newLast,
        newStarted,
        newEnded,
        newEnding,
        newContinued,
        newRetried,
        newRetrying);
  }

  /// The effect of an event on its run.
  private enum Effect {
    STARTS,
    ENDS,
    /// An activity is retried.
    RETRIES,
    /// An activity that was retried, if any, no longer is.
    SETTLES,
    NONE;

    private static Effect of(EventType type) {
      return switch (type) {
        case WORKFLOW_EXECUTION_STARTED -> STARTS;
        case WORKFLOW_EXECUTION_COMPLETED,
            WORKFLOW_EXECUTION_FAILED,
            WORKFLOW_EXECUTION_CANCELED,
            WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
            ENDS;
        case ACTIVITY_TASK_RETRYING -> RETRIES;
        case ACTIVITY_TASK_STARTED, ACTIVITY_TASK_COMPLETED, ACTIVITY_TASK_FAILED -> SETTLES;
        case WORKFLOW_TASK_TIMED_OUT,
            WORKFLOW_TASK_FAILED,
            CUSTOM_TASK_STARTED,
            CUSTOM_TASK_IN_PROGRESS,
            CUSTOM_TASK_COMPLETED,
            CUSTOM_TASK_FAILED,
            CUSTOM_TASK_TIMED_OUT,
            CUSTOM_TASK_CANCELED ->
            NONE;
      };
    }
  }

  /// Whether an event changes only the last sequence of its run.
  ///
  /// @param retrying whether an activity of the run is being retried
  static boolean ignores(EventRecord event, boolean retrying) {
    return switch (Effect.of(event.type())) {
      case NONE -> true;
      case SETTLES -> !retrying;
      case STARTS, ENDS, RETRIES -> false;
    };
  }

  /// The run with the given last sequence, if that is above its own.
  Run seenUntil(long sequence) {
    return sequence > lastSequence
        ? with(sequence, started, ended, ending, continued, retriedSequence, retrying)
        : this;
  }

  /// The run after its next event.
  Run after(long sequence, EventRecord event) {
    return switch (Effect.of(event.type())) {
      case STARTS -> {
        Moment now = Moment.of(sequence, event);
        yield with(sequence, now, ended, ending, continued, retriedSequence, retrying);
      }
      case ENDS -> {
        Moment now = Moment.of(sequence, event);
        RunStatus how = RunStatus.after(event.type());
        yield with(sequence, started, now, how, continued, retriedSequence, retrying);
      }
      case RETRIES ->
          with(sequence, started, ended, ending, continued, sequence, retrying(sequence, event));
      case SETTLES ->
          with(sequence, started, ended, ending, continued, retriedSequence, settled(event));
      case NONE -> seenUntil(sequence);
    };
  }

  /// The run after the start event of another run that continues it.
  Run continuedBy(long sequence, EventRecord event) {
    Moment now = Moment.of(sequence, event);
    return with(lastSequence, started, ended, ending, now, retriedSequence, retrying);
  }

  private List<Retry> retrying(long sequence, EventRecord event) {
    if (!event.has(Field.ACTIVITY_ID)) {
      return retrying;
    }
    List<Retry> changed = new ArrayList<>(settled(event));
    changed.add(new Retry(IndexKeys.of(event, Field.ACTIVITY_ID), sequence));
    return List.copyOf(changed);
  }

  private List<Retry> settled(EventRecord event) {
    if (retrying.isEmpty() || !event.has(Field.ACTIVITY_ID)) {
      return retrying;
    }
    long activity = IndexKeys.of(event, Field.ACTIVITY_ID);
    return retrying.stream().filter(retry -> retry.activity() != activity).toList();
  }

  /// The run after everything before `oldest` has expired.
  ///
  /// @param oldest the oldest retained sequence, at most [#lastSequence]
  /// @param sequence the sequence of its oldest retained event
  /// @param event that event
  Run from(long oldest, long sequence, EventRecord event) {
    Moment end = ended.from(oldest);
    return beginning(sequence, event)
        .with(
            lastSequence,
            started.from(oldest),
            end,
            end.exists() ? ending : null,
            continued.from(sequence + 1), // an unknown run cannot be continued
            retriedSequence >= oldest ? retriedSequence : 0,
            retrying.stream().filter(retry -> retry.sequence() >= oldest).toList());
  }

  /// The sequence of its oldest event.
  public long firstSequence() {
    return first.sequence();
  }

  public RunStatus status() {
    if (ending != null) {
      return ending;
    }
    if (continued.exists()) {
      return RunStatus.CONTINUED_AS_NEW;
    }
    return retrying.isEmpty() ? RunStatus.RUNNING : RunStatus.RETRYING_AFTER_ERROR;
  }

  /// Whether it has ended.
  public boolean isOver() {
    return ending != null || continued.exists();
  }

  boolean isRetrying() {
    return !retrying.isEmpty();
  }

  /// Whether both have the same keys on disk and the same places in all lists.
  boolean hasPlacesOf(Run other) {
    return firstSequence() == other.firstSequence()
        && status() == other.status()
        && startNanos() == other.startNanos()
        && isOver() == other.isOver()
        && (!isOver() || endNanos() == other.endNanos())
        && workflowName.equals(other.workflowName)
        && rootExecutionId.equals(other.rootExecutionId);
  }

  /// The start time, in nanoseconds since 1970; without a start event, that of the oldest event.
  public long startNanos() {
    return started.exists() ? started.nanos() : first.nanos();
  }

  /// The end time, in nanoseconds since 1970; undefined while the run is open.
  public long endNanos() {
    return ending != null ? ended.nanos() : continued.nanos();
  }

  /// Whether an activity was retried, according to the retained events.
  public boolean wasRetried() {
    return retriedSequence > 0;
  }

  /// Approximate memory use in bytes.
  long bytes() {
    long characters =
        (long) namespace.length()
            + executionId.length()
            + runId.length()
            + rootExecutionId.length()
            + (parentExecutionId == null ? 0 : parentExecutionId.length())
            + workflowName.length();
    return BASE_BYTES + characters + RETRY_BYTES * retrying.size();
  }
}
