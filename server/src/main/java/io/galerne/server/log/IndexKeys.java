package io.galerne.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/// The 64-bit keys of the event index: a hash of namespace, dimension and value. Keys may collide,
/// so a lookup must check each event with [EventFilter#matches]. The hash function is part of the
/// disk format.
public final class IndexKeys {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  /// The dimension of a metadata member; its name and value are hashed together.
  private static final int METADATA_DIMENSION = Field.METADATA.id();

  /// In the order of their keys in [EventRecord#keys].
  private static final Field[] SINGLE_VALUES = {
    Field.WORKFLOW_EXEC_ID,
    Field.ROOT_WORKFLOW_EXEC_ID,
    Field.PARENT_WORKFLOW_EXEC_ID,
    Field.WORKFLOW_RUN_ID,
    Field.WORKFLOW_NAME,
    Field.ACTIVITY_NAME,
    Field.ACTIVITY_ID,
    Field.STREAM
  };

  private IndexKeys() {}

  /// The key of all events in a namespace.
  public static long ofNamespace(byte[] namespace) {
    return finish(hash(start(namespace), Field.NAMESPACE.id()));
  }

  /// The key of all events in a namespace whose field has this value.
  public static long ofValue(byte[] namespace, Field field, byte[] value) {
    long hash = hash(start(namespace), field.id());
    return finish(hash(hash, value, 0, value.length));
  }

  /// The key of all events of this type in a namespace.
  public static long ofType(byte[] namespace, EventType type) {
    return finish(hash(hash(start(namespace), Field.EVENT_TYPE.id()), type.id()));
  }

  static long ofMetadata(byte[] namespace, String member, String canonicalValue) {
    long hash = hash(start(namespace), METADATA_DIMENSION);
    byte[] name = member.getBytes(UTF_8);
    byte[] value = canonicalValue.getBytes(UTF_8);
    return finish(hash(hash(hash(hash, name, 0, name.length), 0xFF), value, 0, value.length));
  }

  /// The key of the event's namespace, one of [EventRecord#keys].
  public static long ofNamespace(EventRecord event) {
    return event.keys()[0];
  }

  /// The key of the event's value of a field with a single value, one of [EventRecord#keys]. The
  /// event must have the field.
  ///
  /// @throws IllegalArgumentException if it does not, or if the field has no single value
  public static long of(EventRecord event, Field field) {
    int at = 2; // after namespace and type
    for (Field before : SINGLE_VALUES) {
      if (event.has(before)) {
        if (before == field) {
          return event.keys()[at];
        }
        at++;
      }
    }
    throw new IllegalArgumentException("The event has no single value of " + field);
  }

  static long[] of(EventRecord event) {
    byte[] bytes = event.bytes();
    long namespace = ofNamespaceOf(event);
    JsonNode metadata = event.has(Field.METADATA) ? Metadata.of(event) : null;
    int members = metadata == null ? 0 : metadata.size();
    long[] keys = new long[SINGLE_VALUES.length + 2 + members];
    int count = 0;
    keys[count++] = finish(hash(namespace, Field.NAMESPACE.id()));
    keys[count++] = finish(hash(hash(namespace, Field.EVENT_TYPE.id()), event.type().id()));
    for (Field field : SINGLE_VALUES) {
      if (event.has(field)) {
        long hash = hash(namespace, field.id());
        keys[count++] = finish(hash(hash, bytes, event.offset(field), event.length(field)));
      }
    }
    if (metadata != null) {
      byte[] name = namespaceBytes(event);
      for (var member : metadata.properties()) {
        if (!member.getValue().isContainer()) {
          keys[count++] = ofMetadata(name, member.getKey(), Metadata.canonical(member.getValue()));
        }
      }
    }
    return Arrays.copyOf(keys, count);
  }

  private static long ofNamespaceOf(EventRecord event) {
    return hash(
        OFFSET_BASIS, event.bytes(), event.offset(Field.NAMESPACE), event.length(Field.NAMESPACE));
  }

  private static byte[] namespaceBytes(EventRecord event) {
    int from = event.offset(Field.NAMESPACE);
    return Arrays.copyOfRange(event.bytes(), from, from + event.length(Field.NAMESPACE));
  }

  private static long start(byte[] namespace) {
    return hash(OFFSET_BASIS, namespace, 0, namespace.length);
  }

  /// FNV-1a.
  private static long hash(long hash, byte[] bytes, int offset, int length) {
    long result = hash;
    for (int i = offset; i < offset + length; i++) {
      result = hash(result, bytes[i]);
    }
    return result;
  }

  private static long hash(long hash, int b) {
    return (hash ^ (b & 0xFF)) * PRIME;
  }

  /// The finalizer of MurmurHash3, which spreads the last bytes over all bits.
  private static long finish(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
