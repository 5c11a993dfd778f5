package io.galerne.server.log.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.IndexKeys;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every subject of a log, format version 1, for a stream called `LOG`:
///
/// | stream | subject | is |
/// |---|---|---|
/// | `LOG` | `LOG.event.<namespace>.<execution>.<root>.<parent>.<workflow>.<scope>.<type>` | a [StoredMessage]: an event, or a part of one |
/// | `LOG` | `LOG.fence` | a [Fence] |
/// | `LOG_INDEX` | `LOG_INDEX.<log id>.<segment>` | a [Segment] of the index |
///
/// A token of an event's subject is a value of the event: letters, digits, `-` and `_` stand for
/// themselves, every other byte of its UTF-8 is `=` and two hexadecimal digits. `=` alone stands for
/// no value, `==` for an empty one. A value that would be longer than 96 characters is `=h` and half
/// of its SHA-256: so any id is legal, none can reach outside of its place, and whatever a subject
/// selects is checked against the event itself.
///
/// Activities, streams, runs and metadata are not carried: with them, almost every event would have
/// a subject of its own, and NATS servers keep all subjects in memory.
///
/// Immutable.
final class Subjects {
  private static final int LONGEST_TOKEN = 96;
  private static final int HASHED_BYTES = 16;
  private static final String NO_VALUE = "=";
  private static final String EMPTY_VALUE = "==";
  private static final String ANY = "*";
  private static final HexFormat HEX = HexFormat.of();

  /// The fields that a subject carries behind the namespace, in this order.
  private static final Field[] CARRIED = {
    Field.WORKFLOW_EXEC_ID,
    Field.ROOT_WORKFLOW_EXEC_ID,
    Field.PARENT_WORKFLOW_EXEC_ID,
    Field.WORKFLOW_NAME
  };

  /// Where scope and type stand, counted from behind the namespace.
  private static final int SCOPE = CARRIED.length;

  private static final int TYPE = SCOPE + 1;

  private final String stream;
  private final String fence;

  Subjects(String stream) {
    this.stream = stream;
    this.fence = stream + ".fence";
  }

  /// What the log's stream takes.
  List<String> all() {
    return List.of(stream + ".event.>", fence);
  }

  String fence() {
    return fence;
  }

  /// The name of the stream that keeps the index.
  String indexStream() {
    return stream + "_INDEX";
  }

  /// What the index's stream takes.
  List<String> allOfIndex() {
    return List.of(indexStream() + ".>");
  }

  /// The index of the log with that id.
  String index(String logId) {
    return indexStream() + "." + logId + ".*";
  }

  String segment(String logId, long segment) {
    return indexStream() + "." + logId + "." + segment;
  }

  /// The subject of an event.
  String of(EventRecord event) {
    StringBuilder subject = new StringBuilder(stream).append(".event.");
    appendToken(subject, event, Field.NAMESPACE);
    for (Field field : CARRIED) {
      appendToken(subject.append('.'), event, field);
    }
    return subject
        .append('.')
        .append(name(event.type().scope()))
        .append('.')
        .append(event.type().wireName())
        .toString();
  }

  private static void appendToken(StringBuilder to, EventRecord event, Field field) {
    if (event.has(field)) {
      appendToken(to, event.bytes(), event.offset(field), event.length(field));
    } else {
      to.append(NO_VALUE);
    }
  }

  private static void appendToken(StringBuilder to, byte[] bytes, int offset, int length) {
    if (length == 0) {
      to.append(EMPTY_VALUE);
      return;
    }
    int start = to.length();
    for (int i = offset; i < offset + length && to.length() - start <= LONGEST_TOKEN; i++) {
      byte b = bytes[i];
      if (isPlain(b)) {
        to.append((char) b);
      } else {
        to.append('=');
        HEX.toHexDigits(to, b);
      }
    }
    if (to.length() - start > LONGEST_TOKEN) {
      to.setLength(start);
      to.append("=h").append(HEX.formatHex(sha256(bytes, offset, length), 0, HASHED_BYTES));
    }
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '_';
  }

  private static byte[] sha256(byte[] bytes, int offset, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, offset, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static String name(Scope scope) {
    return scope == Scope.WORKFLOW ? "workflow" : "activity";
  }

  /// The keys under which the index counts this event: one for each value that [#selectors] can
  /// select by.
  static long[] keys(EventRecord event) {
    long[] keys = new long[2 + CARRIED.length];
    int count = 0;
    keys[count++] = IndexKeys.of(event, Field.NAMESPACE);
    keys[count++] = IndexKeys.of(event, Field.EVENT_TYPE);
    for (Field field : CARRIED) {
      if (event.has(field)) {
        keys[count++] = IndexKeys.of(event, field);
      }
    }
    return Arrays.copyOf(keys, count);
  }

  /// The ways in which the cluster can select what may match a filter: by one of its values each, or by
  /// its namespace where it has none.
  ///
  /// @param severalPatterns whether the cluster takes several patterns at once
  List<Selector> selectors(EventFilter filter, boolean severalPatterns) {
    byte[] namespace = filter.namespace();
    List<Selector> selectors = new ArrayList<>();
    for (int i = 0; i < CARRIED.length; i++) {
      byte @Nullable [] value = filter.value(CARRIED[i]);
      if (value != null) {
        long key = IndexKeys.ofValue(namespace, CARRIED[i], value);
        selectors.add(new Selector(new long[] {key}, List.of(pattern(namespace, i, token(value)))));
      }
    }
    Set<EventType> types = filter.types();
    if (types.size() == 1 || (severalPatterns && types.size() < EventType.values().length)) {
      List<String> patterns =
          types.stream().map(type -> pattern(namespace, TYPE, type.wireName())).sorted().toList();
      selectors.add(new Selector(keys(namespace, types), patterns));
    } else {
      for (Scope scope : Scope.values()) {
        Set<EventType> ofScope = EnumSet.allOf(EventType.class);
        ofScope.removeIf(type -> type.scope() != scope);
        if (ofScope.containsAll(types)) {
          List<String> patterns = List.of(pattern(namespace, SCOPE, name(scope)));
          selectors.add(new Selector(keys(namespace, ofScope), patterns));
        }
      }
    }
    if (selectors.isEmpty()) {
      selectors.add(
          new Selector(
              new long[] {IndexKeys.ofNamespace(namespace)},
              List.of(stream + ".event." + token(namespace) + ".>")));
    }
    return selectors;
  }

  private static long[] keys(byte[] namespace, Set<EventType> types) {
    return types.stream().mapToLong(type -> IndexKeys.ofType(namespace, type)).toArray();
  }

  /// Everything in the namespace that has this token at this position behind it.
  private String pattern(byte[] namespace, int position, String token) {
    StringBuilder pattern = new StringBuilder(stream).append(".event.").append(token(namespace));
    for (int i = 0; i <= TYPE; i++) {
      pattern.append('.').append(i == position ? token : ANY);
    }
    return pattern.toString();
  }

  private static String token(byte[] value) {
    StringBuilder token = new StringBuilder();
    appendToken(token, value, 0, value.length);
    return token.toString();
  }

  /// The token that stands for a value.
  static String token(String value) {
    return token(value.getBytes(UTF_8));
  }
}
