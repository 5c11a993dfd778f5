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
/// @param first its oldest event
/// @param lastSequence the sequence of its newest event
/// @param started the last event that says that it started
/// @param ended the last event that ended it
/// @param ending how that ended it; null if no event of its own did
/// @param continued the last event by which another run continues it. Official workers say in no other
///     way that a run has continued as new
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

  /// An event and when it happened.
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

    /// What is left of it after everything before a sequence has expired.
    private Moment from(long oldest) {
      return sequence >= oldest ? this : NONE;
    }
  }

  /// An activity that is tried again.
  ///
  /// @param activity its key in the index
  /// @param sequence of the event that says so
  public record Retry(long activity, long sequence) {}

  /// The run of which this is the oldest event.
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

  /// The run after its next event.
  Run after(long sequence, EventRecord event) {
    return switch (event.type()) {
      case WORKFLOW_EXECUTION_STARTED -> {
        Moment now = Moment.of(sequence, event);
        yield with(sequence, now, ended, ending, continued, retriedSequence, retrying);
      }
      case WORKFLOW_EXECUTION_COMPLETED,
          WORKFLOW_EXECUTION_FAILED,
          WORKFLOW_EXECUTION_CANCELED,
          WORKFLOW_EXECUTION_CONTINUED_AS_NEW -> {
        Moment now = Moment.of(sequence, event);
        RunStatus how = RunStatus.after(event.type());
        yield with(sequence, started, now, how, continued, retriedSequence, retrying);
      }
      case ACTIVITY_TASK_RETRYING ->
          with(sequence, started, ended, ending, continued, sequence, retrying(sequence, event));
      case ACTIVITY_TASK_STARTED, ACTIVITY_TASK_COMPLETED, ACTIVITY_TASK_FAILED ->
          with(sequence, started, ended, ending, continued, retriedSequence, settled(event));
      case WORKFLOW_TASK_TIMED_OUT,
          WORKFLOW_TASK_FAILED,
          CUSTOM_TASK_STARTED,
          CUSTOM_TASK_IN_PROGRESS,
          CUSTOM_TASK_COMPLETED,
          CUSTOM_TASK_FAILED,
          CUSTOM_TASK_TIMED_OUT,
          CUSTOM_TASK_CANCELED ->
          with(sequence, started, ended, ending, continued, retriedSequence, retrying);
    };
  }

  /// The run after another one says that it continues it.
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

  /// What is left of the run after everything before a sequence has expired.
  ///
  /// @param oldest the oldest sequence that is retained, not above [#lastSequence]
  /// @param sequence of its oldest event that is retained
  /// @param event that event
  Run from(long oldest, long sequence, EventRecord event) {
    Moment end = ended.from(oldest);
    return beginning(sequence, event)
        .with(
            lastSequence,
            started.from(oldest),
            end,
            end.exists() ? ending : null,
            continued.from(sequence + 1), // a run that is not known yet cannot be continued
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

  /// When it started, in nanoseconds since 1970: if no event says so, when its oldest event happened.
  public long startNanos() {
    return started.exists() ? started.nanos() : first.nanos();
  }

  /// When it ended, in nanoseconds since 1970; means nothing while it is under way.
  public long endNanos() {
    return ending != null ? ended.nanos() : continued.nanos();
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
