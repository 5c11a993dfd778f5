package io.galerne.server.log.runs;

import static java.util.Objects.requireNonNull;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.IndexKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run of an execution, as its retained events tell: a pure fold over them in the order of the log.
/// Immutable; each event makes a new value.
///
/// Of everything that an event can say again, the last one counts, so the fold over the events that
/// are left after expiry is the same as that over all of them, less what has expired. Only what the
/// first event says changes then; see [#from].
///
/// @param parentExecutionId null for a root
/// @param firstSequence the sequence of its oldest event
/// @param lastSequence the sequence of its newest event
/// @param firstNanos when its oldest event happened, in nanoseconds since 1970
/// @param startedSequence the sequence of the last event that says that it started; 0 if there is none
/// @param startedNanos when that happened
/// @param endedSequence the sequence of the last event that ended it; 0 if there is none
/// @param endedNanos when that happened
/// @param ending how it ended; null if no event of its own says so
/// @param continuedSequence the sequence of the last event by which another run continues it; 0 if
///     there is none. Official workers say no other way that a run has continued as new
/// @param continuedNanos when that happened
/// @param retriedSequence the sequence of the last event that says that an activity is tried again; 0
///     if there is none
/// @param retrying the activities whose newest event says that they are tried again
public record Run(
    String namespace,
    String executionId,
    String runId,
    String rootExecutionId,
    @Nullable String parentExecutionId,
    String workflowName,
    long firstSequence,
    long lastSequence,
    long firstNanos,
    long startedSequence,
    long startedNanos,
    long endedSequence,
    long endedNanos,
    @Nullable RunStatus ending,
    long continuedSequence,
    long continuedNanos,
    long retriedSequence,
    List<Retry> retrying) {

  private static final long BASE_BYTES = 400;
  private static final long RETRY_BYTES = 40;

  /// An activity that is tried again.
  ///
  /// @param activity its key in the index
  /// @param sequence of the event that says so
  public record Retry(long activity, long sequence) {}

  /// The run of which this is the oldest event.
  static Run of(long sequence, EventRecord event) {
    return beginning(sequence, event, 0, 0, 0, 0, null, 0, 0, 0, List.of()).after(sequence, event);
  }

  private static Run beginning(
      long sequence,
      EventRecord event,
      long startedSequence,
      long startedNanos,
      long endedSequence,
      long endedNanos,
      @Nullable RunStatus ending,
      long continuedSequence,
      long continuedNanos,
      long retriedSequence,
      List<Retry> retrying) {
    String execution = requireNonNull(event.text(Field.WORKFLOW_EXEC_ID));
    String root = event.text(Field.ROOT_WORKFLOW_EXEC_ID);
    return new Run(
        requireNonNull(event.text(Field.NAMESPACE)),
        execution,
        requireNonNull(event.text(Field.WORKFLOW_RUN_ID)),
        root == null ? execution : root,
        event.text(Field.PARENT_WORKFLOW_EXEC_ID),
        requireNonNull(event.text(Field.WORKFLOW_NAME)),
        sequence,
        sequence,
        event.timestampNanos(),
        startedSequence,
        startedNanos,
        endedSequence,
        endedNanos,
        ending,
        continuedSequence,
        continuedNanos,
        retriedSequence,
        retrying);
  }

  /// The run after its next event.
  Run after(long sequence, EventRecord event) {
    return switch (event.type()) {
      case WORKFLOW_EXECUTION_STARTED ->
          with(sequence, sequence, event.timestampNanos(), retriedSequence, retrying);
      case WORKFLOW_EXECUTION_COMPLETED,
          WORKFLOW_EXECUTION_FAILED,
          WORKFLOW_EXECUTION_CANCELED,
          WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
          ended(sequence, event.timestampNanos(), RunStatus.after(event.type()));
      case ACTIVITY_TASK_RETRYING ->
          with(sequence, startedSequence, startedNanos, sequence, retrying(sequence, event));
      case ACTIVITY_TASK_STARTED, ACTIVITY_TASK_COMPLETED, ACTIVITY_TASK_FAILED ->
          with(sequence, startedSequence, startedNanos, retriedSequence, settled(event));
      case WORKFLOW_TASK_TIMED_OUT,
          WORKFLOW_TASK_FAILED,
          CUSTOM_TASK_STARTED,
          CUSTOM_TASK_IN_PROGRESS,
          CUSTOM_TASK_COMPLETED,
          CUSTOM_TASK_FAILED,
          CUSTOM_TASK_TIMED_OUT,
          CUSTOM_TASK_CANCELED ->
          with(sequence, startedSequence, startedNanos, retriedSequence, retrying);
    };
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

  private Run with(
      long last, long started, long startNanos, long retried, List<Retry> newRetrying) {
    return new Run(
        namespace,
        executionId,
        runId,
        rootExecutionId,
        parentExecutionId,
        workflowName,
        firstSequence,
        last,
        firstNanos,
        started,
        startNanos,
        endedSequence,
        endedNanos,
        ending,
        continuedSequence,
        continuedNanos,
        retried,
        newRetrying);
  }

  private Run ended(long sequence, long nanos, @Nullable RunStatus how) {
    return new Run(
        namespace,
        executionId,
        runId,
        rootExecutionId,
        parentExecutionId,
        workflowName,
        firstSequence,
        sequence,
        firstNanos,
        startedSequence,
        startedNanos,
        sequence,
        nanos,
        how,
        continuedSequence,
        continuedNanos,
        retriedSequence,
        retrying);
  }

  /// The run after another one says that it continues it.
  Run continuedBy(long sequence, EventRecord started) {
    return new Run(
        namespace,
        executionId,
        runId,
        rootExecutionId,
        parentExecutionId,
        workflowName,
        firstSequence,
        lastSequence,
        firstNanos,
        startedSequence,
        startedNanos,
        endedSequence,
        endedNanos,
        ending,
        sequence,
        started.timestampNanos(),
        retriedSequence,
        retrying);
  }

  /// What is left of the run after everything before a sequence has expired.
  ///
  /// @param oldest the oldest sequence that is retained, not above [#lastSequence]
  /// @param first the sequence of its oldest event that is retained
  /// @param event that event
  Run from(long oldest, long first, EventRecord event) {
    boolean starts = startedSequence >= oldest;
    boolean ends = endedSequence >= oldest;
    boolean continues = continuedSequence > first;
    Run begun =
        beginning(
            first,
            event,
            starts ? startedSequence : 0,
            starts ? startedNanos : 0,
            ends ? endedSequence : 0,
            ends ? endedNanos : 0,
            ends ? ending : null,
            continues ? continuedSequence : 0,
            continues ? continuedNanos : 0,
            retriedSequence >= oldest ? retriedSequence : 0,
            retrying.stream().filter(retry -> retry.sequence() >= oldest).toList());
    return begun.with(
        lastSequence,
        begun.startedSequence,
        begun.startedNanos,
        begun.retriedSequence,
        begun.retrying);
  }

  public RunStatus status() {
    if (ending != null) {
      return ending;
    }
    if (continuedSequence > 0) {
      return RunStatus.CONTINUED_AS_NEW;
    }
    return retrying.isEmpty() ? RunStatus.RUNNING : RunStatus.RETRYING_AFTER_ERROR;
  }

  /// Whether it has ended.
  public boolean isOver() {
    return ending != null || continuedSequence > 0;
  }

  /// When it started, in nanoseconds since 1970: if no event says so, when its oldest event happened.
  public long startNanos() {
    return startedSequence > 0 ? startedNanos : firstNanos;
  }

  /// When it ended, in nanoseconds since 1970; means nothing while it is under way.
  public long endNanos() {
    return ending != null ? endedNanos : continuedNanos;
  }

  /// Whether an activity was tried again, as far as events are retained.
  public boolean wasRetried() {
    return retriedSequence > 0;
  }

  /// About how much memory it takes.
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
