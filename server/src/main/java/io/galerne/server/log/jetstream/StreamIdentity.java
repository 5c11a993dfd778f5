package io.galerne.server.log.jetstream;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What makes a stream a log. Stands in the stream's description, which all versions of NATS keep.
///
/// @param logId the log's id
/// @param offset by how much the log's sequences are above the stream's: 0, but after a restore
record StreamIdentity(String logId, long offset) {
  private static final Pattern DESCRIPTION =
      Pattern.compile("Galerne event log, format 1, id ([0-9a-f-]{36}), offset (\\d{1,18})");

  /// How many sequences a log leaves out after it was put back from a backup: more than can have been
  /// given out since, and few enough that JavaScript's numbers last for ages. Whole segments.
  private static final long RESTORE_GAP = 1L << 30;

  /// Of a log that is new.
  static StreamIdentity fresh() {
    return new StreamIdentity(UUID.randomUUID().toString(), 0);
  }

  /// The identity that a description tells; empty where it tells none.
  static Optional<StreamIdentity> read(@Nullable String description) {
    Matcher found = DESCRIPTION.matcher(description == null ? "" : description);
    return found.matches()
        ? Optional.of(new StreamIdentity(found.group(1), Long.parseLong(found.group(2))))
        : Optional.empty();
  }

  String description() {
    return "Galerne event log, format 1, id " + logId + ", offset " + offset;
  }

  /// Of the same log after it was put back from a backup.
  StreamIdentity afterRestore() {
    return new StreamIdentity(UUID.randomUUID().toString(), offset + RESTORE_GAP);
  }
}
