package io.galerne.server.ingest;

import io.galerne.server.log.Field;
import org.jspecify.annotations.Nullable;

/// A member of an object in the schema.
///
/// @param name its name on the wire
/// @param kind type of its value
/// @param required whether it must be present
/// @param nullable whether it may be null; if it is missing, the stream event has it as null
/// @param field the record's field for its value, for filters; null for most
record Member(String name, Kind kind, boolean required, boolean nullable, @Nullable Field field) {

  /// The type of a value.
  enum Kind {
    STRING,
    /// A non-empty string.
    IDENTIFIER,
    INTEGER,
    EVENT_TYPE,
    ATTRIBUTES,
    FAILURE,
    /// `{"type":"json",…}`.
    JSON_PAYLOAD,
    /// `{"type":"json",…}` or `{"type":"json_patch",…}`.
    ANY_PAYLOAD
  }

  static Member required(String name, Kind kind) {
    return new Member(name, kind, true, false, null);
  }

  static Member optional(String name, Kind kind) {
    return new Member(name, kind, false, false, null);
  }

  static Member nullable(String name) {
    return new Member(name, Kind.STRING, false, true, null);
  }

  Member as(Field kept) {
    return new Member(name, kind, required, nullable, kept);
  }
}
