package io.galerne.client.runs;

import org.jspecify.annotations.Nullable;

/// The status of a run (contract, section 8). A constant's name is its value on the wire.
public enum RunStatus {
  /// The run has no terminal event.
  RUNNING,
  /// The run is running, and one of its activities failed and is being retried.
  RETRYING_AFTER_ERROR,
  COMPLETED,
  FAILED,
  CANCELED,
  /// The run ended, and another run continues its work.
  CONTINUED_AS_NEW,
  TERMINATED,
  TIMED_OUT,
  /// The server sent no status, or one that this client does not know: see [Run#statusName()].
  UNKNOWN;

  /// Whether the run is over. The execution is over only if no other run follows, as one does after
  /// [#CONTINUED_AS_NEW] and may after [#FAILED].
  public boolean isFinal() {
    return switch (this) {
      case RUNNING, RETRYING_AFTER_ERROR, UNKNOWN -> false;
      case COMPLETED, FAILED, CANCELED, CONTINUED_AS_NEW, TERMINATED, TIMED_OUT -> true;
    };
  }

  static RunStatus of(@Nullable String name) {
    for (RunStatus status : values()) {
      if (status.name().equals(name)) {
        return status;
      }
    }
    return UNKNOWN;
  }
}
