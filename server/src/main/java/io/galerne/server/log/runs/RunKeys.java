package io.galerne.server.log.runs;

import io.galerne.server.log.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// All keys of the column family `runs`, numbers big-endian. A *hash* is one of
/// [io.galerne.server.log.IndexKeys], a *status* the id of a [RunStatus], a *time* nanoseconds
/// since 1970 with the sign bit flipped.
///
/// | key | value |
/// |---|---|
/// | `f`, u64 first sequence, u64 namespace, u64 run, u64 execution: hashes | the run, see [RunFormat] |
/// | `r`, u64 namespace, u64 run, u64 execution | u64 first sequence |
/// | `l`, u64 namespace, u64 run, u64 execution | u64 last sequence, if it is above that in the run |
/// | `x`, u64 namespace, u64 execution, u64 first sequence, u64 run | – |
/// | `1` or `4`, u64 namespace, u8 status, u64 time, u64 run, u64 execution | u64 first sequence |
/// | `2` or `5`, u64 namespace, u64 hash of the workflow's name, then as above | u64 first sequence |
/// | `3` or `6`, u64 namespace, u64 hash of the root, then as above | u64 first sequence |
///
/// `1` to `3` use the start time of a run, `4` to `6` its end time. Runs are ordered by their first
/// events, so that the runs of a page lie close together.
final class RunKeys {
  static final byte FIRST_SEQUENCES = 'f';

  private static final byte LAST_SEQUENCES = 'l';
  private static final byte RUNS = 'r';
  private static final byte EXECUTIONS = 'x';
  private static final byte STARTS = '1';
  private static final byte ENDS = '4';
  private static final int BY_WORKFLOW = 1;
  private static final int BY_TREE = 2;

  private static final int FIRST_SEQUENCE_OF_EXECUTION = 1 + 2 * Long.BYTES;

  private static final int PLACE_BYTES = 3 * Long.BYTES;

  private RunKeys() {}

  static byte[] run(RunKey key) {
    return of(RUNS, key);
  }

  static byte[] lastSequence(RunKey key) {
    return of(LAST_SEQUENCES, key);
  }

  private static byte[] of(byte kind, RunKey key) {
    return ByteBuffer.allocate(1 + 3 * Long.BYTES)
        .put(kind)
        .putLong(key.namespace())
        .putLong(key.run())
        .putLong(key.execution())
        .array();
  }

  static RunKey ofRun(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key, 1, key.length - 1);
    return new RunKey(in.getLong(), in.getLong(), in.getLong());
  }

  /// The prefix of the keys of all runs with this id.
  static byte[] runs(long namespace, long run) {
    return ByteBuffer.allocate(1 + 2 * Long.BYTES)
        .put(RUNS)
        .putLong(namespace)
        .putLong(run)
        .array();
  }

  static byte[] execution(RunKey key, long firstSequence) {
    return ByteBuffer.allocate(1 + 4 * Long.BYTES)
        .put(EXECUTIONS)
        .putLong(key.namespace())
        .putLong(key.execution())
        .putLong(firstSequence)
        .putLong(key.run())
        .array();
  }

  /// The prefix of the keys of all runs of an execution.
  static byte[] runsOfExecution(long namespace, long execution) {
    return ByteBuffer.allocate(1 + 2 * Long.BYTES)
        .put(EXECUTIONS)
        .putLong(namespace)
        .putLong(execution)
        .array();
  }

  static RunKey ofExecution(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key, 1, key.length - 1);
    long namespace = in.getLong();
    long execution = in.getLong();
    in.getLong();
    return new RunKey(namespace, in.getLong(), execution);
  }

  static long firstSequenceOfExecution(byte[] key) {
    return ByteBuffer.wrap(key, FIRST_SEQUENCE_OF_EXECUTION, Long.BYTES).getLong();
  }

  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }

  static byte[] firstSequence(long sequence) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(FIRST_SEQUENCES).putLong(sequence).array();
  }

  /// The key of a run.
  static byte[] firstSequence(RunKey key, long sequence) {
    return ByteBuffer.allocate(1 + 4 * Long.BYTES)
        .put(FIRST_SEQUENCES)
        .putLong(sequence)
        .putLong(key.namespace())
        .putLong(key.run())
        .putLong(key.execution())
        .array();
  }

  static RunKey ofFirstSequence(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key, 1 + Long.BYTES, 3 * Long.BYTES);
    return new RunKey(in.getLong(), in.getLong(), in.getLong());
  }

  /// The key prefix of one status in the list that best narrows down the query.
  static byte[] list(RunQuery query, RunStatus status) {
    byte kind = query.sort() == RunQuery.Sort.START_TIME ? STARTS : ENDS;
    long namespace = RunKey.namespace(query.namespace());
    if (query.rootExecutionId() != null) {
      long root =
          RunKey.hash(query.namespace(), Field.ROOT_WORKFLOW_EXEC_ID, query.rootExecutionId());
      return list(kind + BY_TREE, namespace, root, status);
    } else if (query.workflowName() != null) {
      long name = RunKey.hash(query.namespace(), Field.WORKFLOW_NAME, query.workflowName());
      return list(kind + BY_WORKFLOW, namespace, name, status);
    }
    return list(kind, namespace, status);
  }

  private static byte[] list(int kind, long namespace, RunStatus status) {
    return ByteBuffer.allocate(2 + Long.BYTES)
        .put((byte) kind)
        .putLong(namespace)
        .put(status.id())
        .array();
  }

  private static byte[] list(int kind, long namespace, long value, RunStatus status) {
    return ByteBuffer.allocate(2 + 2 * Long.BYTES)
        .put((byte) kind)
        .putLong(namespace)
        .putLong(value)
        .put(status.id())
        .array();
  }

  /// A key of a list.
  static byte[] place(byte[] list, RunPosition position) {
    return ByteBuffer.allocate(list.length + PLACE_BYTES)
        .put(list)
        .putLong(position.nanos() ^ Long.MIN_VALUE)
        .putLong(position.run())
        .putLong(position.execution())
        .array();
  }

  static RunPosition position(byte[] place) {
    ByteBuffer in = ByteBuffer.wrap(place, place.length - PLACE_BYTES, PLACE_BYTES);
    return new RunPosition(in.getLong() ^ Long.MIN_VALUE, in.getLong(), in.getLong());
  }

  /// The keys of a run in all lists.
  static List<byte[]> places(RunKey key, Run run) {
    List<byte[]> places = new ArrayList<>(6);
    long workflow = RunKey.hash(run.namespace(), Field.WORKFLOW_NAME, run.workflowName());
    long root = RunKey.hash(run.namespace(), Field.ROOT_WORKFLOW_EXEC_ID, run.rootExecutionId());
    addPlaces(places, STARTS, key, workflow, root, run, run.startNanos());
    if (run.isOver()) {
      addPlaces(places, ENDS, key, workflow, root, run, run.endNanos());
    }
    return places;
  }

  private static void addPlaces(
      List<byte[]> places, int kind, RunKey key, long workflow, long root, Run run, long nanos) {
    RunPosition position = RunPosition.of(key, nanos);
    RunStatus status = run.status();
    places.add(place(list(kind, key.namespace(), status), position));
    places.add(place(list(kind + BY_WORKFLOW, key.namespace(), workflow, status), position));
    places.add(place(list(kind + BY_TREE, key.namespace(), root, status), position));
  }
}
