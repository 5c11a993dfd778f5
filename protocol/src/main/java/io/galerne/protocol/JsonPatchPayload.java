package io.galerne.protocol;

import java.util.List;
import java.util.Optional;

/// A payload of type `json_patch`: the changes since the previous value.
///
/// @param value the array of operations, verbatim; a string if there are encoding options
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

  /// The operations, in order. Empty if the payload is encoded or not an array.
  public Optional<List<PatchOperation>> operations() {
    return isEncoded()
        ? Optional.empty()
        : Optional.ofNullable(PatchReader.read(value)).map(List::copyOf);
  }
}
