package io.galerne.protocol;

import java.util.List;

/// What an event carries for the application (contract, section 1).
@WireJson
public sealed interface Payload permits JsonPayload, JsonPatchPayload, UnknownPayload {
  /// The type's word on the wire: `json`, `json_patch`, or one that is not known here.
  String type();

  /// How the value was encoded, in the order in which it was done: `offloaded`, `encrypted`,
  /// `encrypted-partial`, `compressed`, or a word that is not known here. Empty where the value is
  /// what the application wrote.
  List<String> encodingOptions();

  /// The payload as JSON of the wire: rendered from its fields, or exactly as it came if its type is
  /// not known.
  Json json();

  /// Whether the value must be decoded before it means anything.
  default boolean isEncoded() {
    return !encodingOptions().isEmpty();
  }

  /// A payload with this value, a [Json] or whatever Jackson can write.
  ///
  /// @throws tools.jackson.core.JacksonException where it cannot be written
  static JsonPayload of(Object value) {
    return new JsonPayload(Json.ofValue(value));
  }

  /// A payload that changes the value before it.
  static JsonPatchPayload patch(PatchOperation... operations) {
    return new JsonPatchPayload(EventText.patch(List.of(operations)), List.of());
  }
}
