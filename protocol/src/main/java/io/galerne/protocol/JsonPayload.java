package io.galerne.protocol;

import java.util.List;

/// A payload of type `json`: any value.
///
/// @param value the value, verbatim; encoded if there are encoding options
public record JsonPayload(Json value, List<String> encodingOptions) implements Payload {
  public JsonPayload {
    encodingOptions = List.copyOf(encodingOptions);
  }

  /// Creates a payload that is not encoded.
  public JsonPayload(Json value) {
    this(value, List.of());
  }

  @Override
  public Json json() {
    return EventText.payload(this);
  }

  @Override
  public String type() {
    return "json";
  }
}
