package io.galerne.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parses the operations of a JSON Patch, with their values verbatim.
final class PatchReader {
  private PatchReader() {}

  /// The operations of a JSON Patch; null if the value is not an array.
  static @Nullable List<PatchOperation> read(Json patch) {
    return EventReader.read(patch.text(), PatchReader::operations);
  }

  private static @Nullable List<PatchOperation> operations(TokenCursor in) {
    if (!in.atArray()) {
      in.skip();
      return null;
    }
    List<PatchOperation> operations = new ArrayList<>();
    while (in.nextElement()) {
      operations.add(operation(in));
    }
    return operations;
  }

  static PatchOperation operation(TokenCursor in) {
    String op = null;
    String path = null;
    Json value = null;
    int from = in.from();
    if (in.atObject()) {
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        switch (name) {
          case "op" -> op = in.string();
          case "path" -> path = path(in);
          case "value" -> value = in.value();
          default -> in.skip();
        }
      }
    } else {
      in.skip();
    }
    return operation(op == null ? "" : op, path, value, in.slice(from));
  }

  /// A JSON Pointer; the root may also be written as an empty array.
  private static @Nullable String path(TokenCursor in) {
    List<String> none = in.atArray() ? in.strings() : null;
    return in.atString() ? in.string() : none != null && none.isEmpty() ? "" : null;
  }

  private static PatchOperation operation(
      String op, @Nullable String path, @Nullable Json value, Json json) {
    if (path == null || (value == null && !op.equals("remove"))) {
      return new PatchOperation.Unknown(op, path == null ? "" : path, json);
    }
    Json given = value == null ? Json.NULL : value;
    return switch (op) {
      case "add" -> new PatchOperation.Add(path, given);
      case "replace" -> new PatchOperation.Replace(path, given);
      case "remove" -> new PatchOperation.Remove(path, given);
      case "append" -> new PatchOperation.Append(path, given);
      default -> new PatchOperation.Unknown(op, path, json);
    };
  }
}
