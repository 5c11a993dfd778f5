package io.galerne.jetstream;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The identity of a log, stored as the stream's description, which all versions of NATS keep.
///
/// @param logId the log's id
/// @param floor new events get sequences above it; 0, except after a restore
/// @param before the log's id before its last restore from a backup; empty if it was never restored
record StreamIdentity(String logId, long floor, Optional<String> before) {
  private static final String ID = "([0-9a-f-]{36})";
  private static final Pattern DESCRIPTION =
      Pattern.compile(
          "Galerne event log, format 2, id %s, floor (\\d{1,18})(?:, before %s)?"
              .formatted(ID, ID));
  private static final Pattern OTHER_FORMAT =
      Pattern.compile("Galerne event log, format (\\d+),.*");

  /// How many sequences a log skips after a restore from a backup: more than it can have assigned
  /// since the backup, and few enough that JavaScript's integers suffice.
  private static final long RESTORE_GAP = 1L << 30;

  /// Returns the identity of a new log.
  static StreamIdentity fresh() {
    return new StreamIdentity(UUID.randomUUID().toString(), 0, Optional.empty());
  }

  /// Returns the identity in a description; empty if there is none.
  static Optional<StreamIdentity> read(@Nullable String description) {
    Matcher found = DESCRIPTION.matcher(String.valueOf(description));
    return found.matches()
        ? Optional.of(
            new StreamIdentity(
                found.group(1),
                Long.parseLong(found.group(2)),
                Optional.ofNullable(found.group(3))))
        : Optional.empty();
  }

  /// Returns the format in the description of a log of another format.
  static Optional<String> otherFormat(@Nullable String description) {
    Matcher found = OTHER_FORMAT.matcher(String.valueOf(description));
    return found.matches() && read(description).isEmpty()
        ? Optional.of(found.group(1))
        : Optional.empty();
  }

  String description() {
    return "Galerne event log, format 2, id %s, floor %d%s"
        .formatted(logId, floor, before.map(id -> ", before " + id).orElse(""));
  }

  /// Returns the identity of the same log after a restore from a backup.
  ///
  /// @param last the highest sequence in the stream, or a higher one
  StreamIdentity afterRestore(long last) {
    return new StreamIdentity(
        UUID.randomUUID().toString(), Math.max(floor, last) + RESTORE_GAP, Optional.of(logId));
  }
}
