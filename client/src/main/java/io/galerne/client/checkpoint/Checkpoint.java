package io.galerne.client.checkpoint;

import java.io.Serializable;

/// A reader's position in a log: every event up to the sequence was delivered, did not match, or
/// has expired.
///
/// @param logId the log's id from the server (`Galerne-Log-Id`); empty if the server sent none, in
///     which case a changed log goes unnoticed
/// @param sequence the last `broker_sequence`, from 0
public record Checkpoint(String logId, long sequence) implements Serializable {
  public Checkpoint {
    if (sequence < 0) {
      throw new IllegalArgumentException("A sequence must not be negative, but is " + sequence);
    }
  }

  /// A position in a log whose id is unknown.
  public static Checkpoint of(long sequence) {
    return new Checkpoint("", sequence);
  }
}
