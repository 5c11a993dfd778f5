package io.galerne.client;

import java.io.Serializable;

/// How far a reader has come in which log: everything up to the sequence has been handed out, did
/// not match, or is known to be gone.
///
/// @param logId the log's id, as the server gave it (`Galerne-Log-Id`); empty where it gave none,
///     in which case nothing notices that the log is another one
/// @param sequence the last `broker_sequence`, from 0
public record Checkpoint(String logId, long sequence) implements Serializable {
  public Checkpoint {
    if (sequence < 0) {
      throw new IllegalArgumentException("A sequence is never negative, but this is " + sequence);
    }
  }

  /// A position in a log whose id is not known.
  public static Checkpoint of(long sequence) {
    return new Checkpoint("", sequence);
  }
}
