package io.galerne.cli.demo;

import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Follows the state of a task over its JSON Patch updates (contract, section 1). Meant for
/// showing: an operation that does not fit the state is passed over.
final class JsonPatch {
  private JsonPatch() {}

  /// The state after these operations; `state` itself may be changed.
  static JsonNode apply(JsonNode state, JsonNode operations) {
    JsonNode patched = state;
    for (JsonNode operation : operations) {
      patched = applyOne(patched, operation);
    }
    return patched;
  }

  private static JsonNode applyOne(JsonNode state, JsonNode operation) {
    String op = operation.path("op").asString("");
    JsonNode value = operation.path("value");
    List<String> path = segments(operation.path("path").asString(""));
    if (path.isEmpty()) {
      return switch (op) {
        case "add", "replace" -> value;
        case "append" -> joined(state, value);
        case "remove" -> Json.object();
        default -> state;
      };
    }
    JsonNode parent = state;
    for (String segment : path.subList(0, path.size() - 1)) {
      parent =
          parent instanceof ArrayNode array
              ? array.path(index(array, segment))
              : parent.path(segment);
    }
    if (parent instanceof ObjectNode object) {
      change(object, path.getLast(), op, value);
    } else if (parent instanceof ArrayNode array) {
      change(array, index(array, path.getLast()), op, value);
    }
    return state;
  }

  private static void change(ObjectNode object, String name, String op, JsonNode value) {
    switch (op) {
      case "add", "replace" -> object.set(name, value);
      case "append" -> object.set(name, joined(object.path(name), value));
      case "remove" -> object.remove(name);
      default -> {
        // an operation that is not known here
      }
    }
  }

  private static void change(ArrayNode array, int index, String op, JsonNode value) {
    boolean there = index >= 0 && index < array.size();
    switch (op) {
      case "add" -> {
        if (there || index == array.size()) {
          array.insert(index, value);
        }
      }
      case "replace" -> {
        if (there) {
          array.set(index, value);
        }
      }
      case "append" -> {
        if (there) {
          array.set(index, joined(array.get(index), value));
        }
      }
      case "remove" -> {
        if (there) {
          array.remove(index);
        }
      }
      default -> {
        // an operation that is not known here
      }
    }
  }

  private static JsonNode joined(JsonNode text, JsonNode more) {
    return Json.value(text.asString("") + more.asString(""));
  }

  /// The steps of a JSON Pointer; none for the root, which may be written `""`, `"/"` or `[]`.
  private static List<String> segments(String pointer) {
    if (pointer.isEmpty() || pointer.equals("/") || pointer.equals("[]")) {
      return List.of();
    }
    return Arrays.stream(pointer.substring(1).split("/", -1))
        .map(segment -> segment.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  /// `-` is the place after the last one; what is no number is no place.
  private static int index(ArrayNode array, String segment) {
    if (segment.equals("-")) {
      return array.size();
    }
    return segment.matches("\\d{1,9}") ? Integer.parseInt(segment) : -1;
  }
}
