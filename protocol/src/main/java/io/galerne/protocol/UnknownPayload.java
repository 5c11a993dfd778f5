package io.galerne.protocol;

import java.util.List;

/// A payload of an unknown type.
///
/// @param type the type's name on the wire
/// @param json the payload, verbatim
public record UnknownPayload(String type, Json json) implements Payload {
  /// Always empty: the options of an unknown type have no known meaning.
  @Override
  public List<String> encodingOptions() {
    return List.of();
  }
}
