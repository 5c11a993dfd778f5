package io.galerne.server.log.runs;

import io.galerne.protocol.EventType;
import org.jspecify.annotations.Nullable;

/// The status of a run, derived from its events (contract, section 8). A constant's name is its
/// wire value. The ids are stored and never change their meaning.
public enum RunStatus {
  RUNNING(1),
  /// Open, and the newest event of one of its activities is `ACTIVITY_TASK_RETRYING`.
  RETRYING_AFTER_ERROR(2),
  COMPLETED(3),
  FAILED(4),
  CANCELED(5),
  CONTINUED_AS_NEW(6);

  private final byte id;

  RunStatus(int id) {
    this.id = (byte) id;
  }

  byte id() {
    return id;
  }

  /// Whether a run with this status has ended.
  public boolean isFinal() {
    return this != RUNNING && this != RETRYING_AFTER_ERROR;
  }

  /// The status after a terminal event of this type; null if the type does not end a run.
  static @Nullable RunStatus after(EventType type) {
    return switch (type) {
      case WORKFLOW_EXECUTION_COMPLETED -> COMPLETED;
      case WORKFLOW_EXECUTION_FAILED -> FAILED;
      case WORKFLOW_EXECUTION_CANCELED -> CANCELED;
      case WORKFLOW_EXECUTION_CONTINUED_AS_NEW -> CONTINUED_AS_NEW;
      default -> null;
    };
  }

  /// @throws IllegalArgumentException if no status has that id
  static RunStatus ofId(int id) {
    for (RunStatus status : values()) {
      if (status.id == id) {
        return status;
      }
    }
    throw new IllegalArgumentException("No status of a run has the id " + id);
  }
}
