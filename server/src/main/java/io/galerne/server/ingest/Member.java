package io.galerne.server.ingest;

import io.galerne.server.log.Field;
import org.jspecify.annotations.Nullable;

/// One member of an object of the schema.
///
/// @param name its name on the wire
/// @param kind what its value must be
/// @param required whether it must be there
/// @param nullable whether it may be null; if such a member is missing, the way out has it as
///     null
/// @param field what its value is kept as to be selected on; null for most
record Member(String name, Kind kind, boolean required, boolean nullable, @Nullable Field field) {

  /// What a value must be.
  enum Kind {
    STRING,
    /// A string that is not empty.
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
