package io.galerne.protocol;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/// A task's latest known value. Immutable: the tree is never modified.
///
/// @param whole the received value; null once it has been patched
/// @param patched the value after patches; a missing node if it is unknown
/// @param patchedChars the size of all patches since the last whole value, in characters of JSON
/// @param staleReason why this is not the latest value; null if it is
record TaskValue(
    @Nullable Json whole, JsonNode patched, long patchedChars, @Nullable String staleReason) {
  static final TaskValue NOTHING_KNOWN = new TaskValue(null, MissingNode.getInstance(), 0, null);

  /// The value after a start; an empty object if there is no payload.
  static TaskValue start(@Nullable Payload payload) {
    return payload == null
        ? new TaskValue(null, JsonNodeFactory.instance.objectNode(), 0, null)
        : NOTHING_KNOWN.after(payload);
  }

  TaskValue after(Payload payload) {
    if (payload.isEncoded()) {
      return stale("the payload is encoded: " + String.join(", ", payload.encodingOptions()));
    } else if (payload instanceof JsonPayload json) {
      return new TaskValue(json.value(), MissingNode.getInstance(), 0, null);
    } else if (payload instanceof JsonPatchPayload patch) {
      return after(patch);
    }
    return stale("a payload of type " + payload.type() + " is not known here");
  }

  private TaskValue after(JsonPatchPayload patch) {
    long chars = patchedChars + patch.value().text().length();
    if (staleReason != null) {
      return this;
    } else if (chars > TaskState.MAX_PATCHED_CHARS) {
      return stale("patches brought more than " + TaskState.MAX_PATCHED_CHARS + " characters");
    }
    try {
      List<PatchOperation> operations = patch.operations().orElse(null);
      if (operations == null) {
        return stale("the patch is not a list of operations");
      }
      JsonNode before = whole == null ? patched : whole.tree();
      return new TaskValue(null, JsonPatch.apply(before, operations), chars, null);
    } catch (JsonPatchException | MalformedEventException | JacksonException e) {
      return stale(requireNonNull(e.getMessage()));
    }
  }

  private TaskValue stale(String reason) {
    return new TaskValue(whole, patched, patchedChars, reason);
  }

  Optional<Json> json() {
    if (whole != null) {
      return Optional.of(whole);
    }
    return patched.isMissingNode() ? Optional.empty() : Optional.of(Json.ofTree(patched));
  }
}
