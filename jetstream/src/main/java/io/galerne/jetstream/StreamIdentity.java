package io.galerne.jetstream;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What makes a stream a log. Stored as the stream's description, which all versions of NATS keep.
///
/// @param logId the log's id
/// @param floor new events get sequences above it: 0, but after a restore
/// @param before the id that the log had before it was last put back from a backup; empty if it never was
record StreamIdentity(String logId, long floor, Optional<String> before) {
  private static final String ID = "([0-9a-f-]{36})";
  private static final Pattern DESCRIPTION =
      Pattern.compile(
          "Galerne event log, format 2, id %s, floor (\\d{1,18})(?:, before %s)?"
              .formatted(ID, ID));
  private static final Pattern OTHER_FORMAT =
      Pattern.compile("Galerne event log, format (\\d+),.*");

  /// How many sequences a log leaves out after it was put back from a backup: more than can have been
  /// given out since, and few enough that JavaScript's numbers last for ages.
  private static final long RESTORE_GAP = 1L << 30;

  /// The identity of a log that is new.
  static StreamIdentity fresh() {
    return new StreamIdentity(UUID.randomUUID().toString(), 0, Optional.empty());
  }

  /// The identity that a description holds; empty if it holds none.
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

  /// The format that a description names, if it is of a log of another format.
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

  /// The identity of the same log after it was put back from a backup.
  ///
  /// @param last no event in the stream has a higher sequence
  StreamIdentity afterRestore(long last) {
    return new StreamIdentity(
        UUID.randomUUID().toString(), Math.max(floor, last) + RESTORE_GAP, Optional.of(logId));
  }
}
