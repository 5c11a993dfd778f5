package io.galerne.protocol;

import java.util.List;
import java.util.Optional;

/// A payload of type `json_patch`: what changed since the value before.
///
/// @param value the operations as an array, exactly as it came; or a string, where there are
///     encoding options
public record JsonPatchPayload(Json value, List<String> encodingOptions) implements Payload {
  public JsonPatchPayload {
    encodingOptions = List.copyOf(encodingOptions);
  }

  @Override
  public Json json() {
    return EventText.payload(this);
  }

  @Override
  public String type() {
    return "json_patch";
  }

  /// The operations, in order. Empty while the payload is encoded, and where it is no array.
  public Optional<List<PatchOperation>> operations() {
    return isEncoded()
        ? Optional.empty()
        : Optional.ofNullable(PatchReader.read(value)).map(List::copyOf);
  }
}
