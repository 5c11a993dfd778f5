package io.galerne.server.log.runs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.IndexKeys;
import java.security.SecureRandom;

/// The key of a run: namespace, run and execution, as [IndexKeys]. The same on every node and after
/// every rebuild, so that cursors can contain it.
record RunKey(long namespace, long run, long execution) {
  /// Odd factors that nobody outside this process knows, so that nobody can choose ids that collide
  /// in a table.
  private static final long BY_NAMESPACE = factor();

  private static final long BY_RUN = factor();
  private static final long BY_EXECUTION = factor();

  private static long factor() {
    return new SecureRandom().nextLong() | 1;
  }

  static RunKey of(EventRecord event) {
    return new RunKey(
        IndexKeys.ofNamespace(event),
        IndexKeys.of(event, Field.WORKFLOW_RUN_ID),
        IndexKeys.of(event, Field.WORKFLOW_EXEC_ID));
  }

  /// Another run of the same execution.
  ///
  /// @param runId the other run's id
  static RunKey of(EventRecord event, String runId) {
    byte[] namespace = String.valueOf(event.text(Field.NAMESPACE)).getBytes(UTF_8);
    return new RunKey(
        IndexKeys.ofNamespace(event),
        hash(namespace, Field.WORKFLOW_RUN_ID, runId),
        IndexKeys.of(event, Field.WORKFLOW_EXEC_ID));
  }

  static RunKey of(Run run) {
    byte[] namespace = run.namespace().getBytes(UTF_8);
    return new RunKey(
        IndexKeys.ofNamespace(namespace),
        hash(namespace, Field.WORKFLOW_RUN_ID, run.runId()),
        hash(namespace, Field.WORKFLOW_EXEC_ID, run.executionId()));
  }

  static long namespace(String namespace) {
    return IndexKeys.ofNamespace(namespace.getBytes(UTF_8));
  }

  static long hash(String namespace, Field field, String value) {
    return hash(namespace.getBytes(UTF_8), field, value);
  }

  private static long hash(byte[] namespace, Field field, String value) {
    return IndexKeys.ofValue(namespace, field, value.getBytes(UTF_8));
  }

  @Override
  public int hashCode() {
    return hashCode(namespace, run, execution);
  }

  static int hashCode(long namespace, long run, long execution) {
    return (int) ((namespace * BY_NAMESPACE + run * BY_RUN + execution * BY_EXECUTION) >>> 32);
  }
}
