package io.galerne.protocol;

import java.util.List;

/// A payload of a type that is not known here.
///
/// @param type its word on the wire
/// @param json the payload exactly as it came
public record UnknownPayload(String type, Json json) implements Payload {
  /// Empty: what the options of such a payload mean is not known.
  @Override
  public List<String> encodingOptions() {
    return List.of();
  }
}
