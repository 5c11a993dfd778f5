package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import io.galerne.server.log.Field;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a check has found out about one event of a body: where it stands, what it is, where its
/// values are, and what must be put in on the way out. For one event, by one thread.
final class CheckedEvent {
  /// A string of the body.
  ///
  /// @param from where its first character stands, behind the quote
  /// @param to where its closing quote stands
  /// @param decoded its value if that is not what stands there, because of escapes
  record Text(int from, int to, byte @Nullable [] decoded) {}

  /// Bytes that are put in before the byte at `at`.
  record Insertion(int at, byte[] bytes) {}

  final Map<Field, Text> texts = new EnumMap<>(Field.class);
  final List<Insertion> insertions = new ArrayList<>();
  int from;
  int to;

  /// Whether there are line breaks between its tokens.
  boolean hasLineBreaks;

  @Nullable EventType type;
  boolean hasTimestamp;
  long timestamp;

  /// Where the attributes stand, when they came before the type and wait to be checked.
  int attributesFrom = -1;

  int attributesTo;

  /// Notes that `text` is to be put in before the byte at `at`.
  void insert(int at, String text) {
    insertions.add(new Insertion(at, text.getBytes(UTF_8)));
  }
}
