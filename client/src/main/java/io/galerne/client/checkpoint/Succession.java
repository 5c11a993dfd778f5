package io.galerne.client.checkpoint;

import io.galerne.client.error.CheckpointException;

/// Decides whether a checkpoint may follow another.
final class Succession {
  private Succession() {}

  /// The next checkpoint to save, with the log's id even if only the previous one had it.
  ///
  /// @throws CheckpointException if it is before the saved one, or in another log
  static Checkpoint of(String consumer, Checkpoint saved, Checkpoint next) {
    if (!saved.logId().isEmpty()
        && !next.logId().isEmpty()
        && !saved.logId().equals(next.logId())) {
      throw new CheckpointException(
          "The checkpoint of '"
              + (consumer + "' is of log " + saved.logId() + " and cannot become one of log ")
              + (next.logId() + ": delete it first, to start over"),
          null);
    }
    if (next.sequence() < saved.sequence()) {
      throw new CheckpointException(
          "The checkpoint of '"
              + (consumer + "' is at sequence " + saved.sequence() + " and does not go back to ")
              + (next.sequence() + ": delete it first, to start over"),
          null);
    }
    return next.logId().isEmpty() ? new Checkpoint(saved.logId(), next.sequence()) : next;
  }
}
