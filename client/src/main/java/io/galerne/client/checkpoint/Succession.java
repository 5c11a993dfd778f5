package io.galerne.client.checkpoint;

import io.galerne.client.Checkpoint;
import io.galerne.client.error.CheckpointException;

/// Which checkpoint may follow which.
final class Succession {
  private Succession() {}

  /// What to save after what was saved: the next checkpoint, with the log's id, even where only the
  /// one before knew it.
  ///
  /// @throws CheckpointException where it is before that, or in another log
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
