package io.galerne.client;

import org.jspecify.annotations.Nullable;

/// How far a run is (contract, section 8). A constant's name is its word on the wire.
public enum RunStatus {
  /// No event has ended it.
  RUNNING,
  /// It runs, and an activity of it has failed and is tried again.
  RETRYING_AFTER_ERROR,
  COMPLETED,
  FAILED,
  CANCELED,
  /// Another run continues its work.
  CONTINUED_AS_NEW,
  TERMINATED,
  TIMED_OUT,
  /// The server named no status, or one that this client does not know: see [Run#statusName()].
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
