package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import io.galerne.server.log.Field;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The result of checking one event of a body: its position and type, the positions of its values,
/// and the members to insert. For one event, by one thread.
final class CheckedEvent {
  /// A string of the body.
  ///
  /// @param from index of its first character, after the quote
  /// @param to index of its closing quote
  /// @param decoded its value if it has escapes, otherwise null
  record Text(int from, int to, byte @Nullable [] decoded) {}

  /// Bytes to insert before the byte at `at`.
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

  /// Position of the attributes if they came before the type and are not checked yet; otherwise -1.
  int attributesFrom = -1;

  int attributesTo;

  /// Marks `text` for insertion before the byte at `at`.
  void insert(int at, String text) {
    insertions.add(new Insertion(at, text.getBytes(UTF_8)));
  }
}
