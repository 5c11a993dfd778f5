package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The contract's member names, looked up by their bytes, so that most names of a body need no
/// decoding.
final class Names {
  private static final int SLOTS = 256; // several times the number of names

  private static final byte[][] BYTES = new byte[SLOTS][];
  private static final String[] STRINGS = new String[SLOTS];

  static {
    Set<String> names =
        new LinkedHashSet<>(
            List.of(
                "event",
                "events",
                "stream",
                "metadata",
                "data",
                "type",
                "value",
                "encoding_options",
                "op",
                "path",
                "timestamp_unix_nano",
                "activity_context",
                "workflow_context",
                "activity_exec_id"));
    EventShape.EVENT.members().forEach(member -> names.add(member.name()));
    EventShape.FAILURE_DETAILS.members().forEach(member -> names.add(member.name()));
    for (EventType type : EventType.values()) {
      EventShape.attributesOf(type).members().forEach(member -> names.add(member.name()));
    }
    for (String name : names) {
      byte[] bytes = name.getBytes(UTF_8);
      int slot = slot(bytes, 0, bytes.length);
      while (BYTES[slot] != null) {
        slot = (slot + 1) % SLOTS;
      }
      BYTES[slot] = bytes;
      STRINGS[slot] = name;
    }
  }

  private Names() {}

  /// The known name from `from` to `to`; null if it is unknown.
  static @Nullable String of(byte[] text, int from, int to) {
    if (from == to) {
      return null;
    }
    int slot = slot(text, from, to);
    while (BYTES[slot] != null) {
      byte[] name = BYTES[slot];
      if (Arrays.equals(name, 0, name.length, text, from, to)) {
        return STRINGS[slot];
      }
      slot = (slot + 1) % SLOTS;
    }
    return null;
  }

  private static int slot(byte[] text, int from, int to) {
    int middle = text[(from + to) >>> 1];
    return (7 * (to - from) + 31 * text[from] + 13 * middle + text[to - 1]) & (SLOTS - 1);
  }
}
