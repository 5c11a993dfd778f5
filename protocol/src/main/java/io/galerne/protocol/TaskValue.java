package io.galerne.protocol;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/// What a task holds, as far as it could be followed. Immutable: the tree is never changed.
///
/// @param whole the value as it came; null once it has been patched
/// @param patched the value after patches; a missing node where nothing is known of it
/// @param patchedChars how much JSON the patches since the last whole value have brought
/// @param staleReason why this is not the latest value; null where it is
record TaskValue(
    @Nullable Json whole, JsonNode patched, long patchedChars, @Nullable String staleReason) {
  static final TaskValue NOTHING_KNOWN = new TaskValue(null, MissingNode.getInstance(), 0, null);

  /// After a start; without a payload, the task begins with an empty object.
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
        return stale("the patch is no list of operations");
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
