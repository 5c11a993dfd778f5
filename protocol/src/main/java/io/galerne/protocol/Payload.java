package io.galerne.protocol;

import java.util.List;

/// An event's application data (contract, section 1).
@WireJson
public sealed interface Payload permits JsonPayload, JsonPatchPayload, UnknownPayload {
  /// The type's name on the wire: `json`, `json_patch`, or an unknown one.
  String type();

  /// The value's encodings, in the order in which they were applied: `offloaded`, `encrypted`,
  /// `encrypted-partial`, `compressed`, or an unknown one. Empty if the value is not encoded.
  List<String> encodingOptions();

  /// The payload as JSON, as on the wire: rendered from its fields, or verbatim if its type is
  /// unknown.
  Json json();

  /// Whether the value is encoded.
  default boolean isEncoded() {
    return !encodingOptions().isEmpty();
  }

  /// A payload with this value: a [Json] or anything that Jackson can serialise.
  ///
  /// @throws tools.jackson.core.JacksonException if the value cannot be serialised
  static JsonPayload of(Object value) {
    return new JsonPayload(Json.ofValue(value));
  }

  /// A payload that patches the previous value.
  static JsonPatchPayload patch(PatchOperation... operations) {
    return new JsonPatchPayload(EventText.patch(List.of(operations)), List.of());
  }
}
