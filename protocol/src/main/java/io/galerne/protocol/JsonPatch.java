package io.galerne.protocol;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Applies the JSON Patches of the wire: `add`, `replace` and `remove` of RFC 6902, and `append`
/// (contract, section 1).
///
/// The root may be written `""`, `"/"` or `[]`; in RFC 6901, `"/"` is the member with the empty
/// name. Removing the root leaves a missing node, which accepts only `add` at the root.
public final class JsonPatch {
  /// Jackson's nesting limit: a patched document is never deeper than a whole one can be.
  public static final int MAX_DEPTH = 500;

  private static final Pattern BAD_ESCAPE = Pattern.compile("~(?![01])");

  private JsonPatch() {}

  /// Applies all operations in order, or none if one fails.
  ///
  /// @param document not modified; the result shares its unchanged parts
  /// @throws JsonPatchException if an operation cannot be applied, or is unknown
  public static JsonNode apply(JsonNode document, List<PatchOperation> operations) {
    JsonNode patched = document;
    for (int i = 0; i < operations.size(); i++) {
      PatchOperation operation = operations.get(i);
      try {
        List<String> path = segments(operation.path());
        if (path.size() + depth(operation) > MAX_DEPTH) {
          throw new Misfit("the document would be deeper than " + MAX_DEPTH);
        }
        patched = changed(patched, path, operation);
      } catch (Misfit e) {
        throw new JsonPatchException(i, operation, e.reason);
      } catch (JacksonException e) {
        throw new JsonPatchException(i, operation, e.getOriginalMessage());
      }
    }
    return patched;
  }

  /// A copy of the node with the operation applied below it.
  private static JsonNode changed(JsonNode node, List<String> path, PatchOperation operation)
      throws Misfit {
    if (path.isEmpty()) {
      return changed(node, operation);
    }
    String segment = path.get(0);
    List<String> rest = path.subList(1, path.size());
    boolean last = rest.isEmpty();
    if (node instanceof ObjectNode object) {
      return changed(object, segment, rest, operation, last);
    } else if (node instanceof ArrayNode array) {
      return changed(array, segment, rest, operation, last);
    }
    throw new Misfit("there is no \"" + segment + "\" in " + kind(node));
  }

  private static JsonNode changed(
      ObjectNode object, String name, List<String> rest, PatchOperation operation, boolean last)
      throws Misfit {
    JsonNode present = object.path(name);
    if (present.isMissingNode() && !(last && operation instanceof PatchOperation.Add)) {
      throw new Misfit("there is no \"" + name + "\" in the object");
    }
    JsonNode next = changed(present, rest, operation);
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    copy.setAll(object);
    if (next.isMissingNode()) {
      copy.remove(name);
    } else {
      copy.set(name, next);
    }
    return copy;
  }

  private static JsonNode changed(
      ArrayNode array, String segment, List<String> rest, PatchOperation operation, boolean last)
      throws Misfit {
    ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size() + 1);
    copy.addAll(array);
    if (last && operation instanceof PatchOperation.Add add) {
      int index = segment.equals("-") ? array.size() : index(segment, array.size());
      return copy.insert(index, add.value().tree());
    }
    int index = index(segment, array.size() - 1);
    JsonNode next = changed(array.get(index), rest, operation);
    if (next.isMissingNode()) {
      copy.remove(index);
    } else {
      copy.set(index, next);
    }
    return copy;
  }

  /// Returns the replacement of this node.
  private static JsonNode changed(JsonNode node, PatchOperation operation) throws Misfit {
    if (operation instanceof PatchOperation.Add add) {
      return add.value().tree();
    } else if (node.isMissingNode()) {
      throw new Misfit("there is no document");
    } else if (operation instanceof PatchOperation.Replace replace) {
      return replace.value().tree();
    } else if (operation instanceof PatchOperation.Append append) {
      return joined(node, append.value());
    } else if (operation instanceof PatchOperation.Remove) {
      return MissingNode.getInstance();
    }
    throw new Misfit("the operation is unknown");
  }

  private static JsonNode joined(JsonNode present, Json more) throws Misfit {
    JsonNode end = more.tree();
    if (!present.isString() || !end.isString()) {
      throw new Misfit("append joins two strings, not " + kind(present) + " and " + kind(end));
    }
    return StringNode.valueOf(present.stringValue() + end.stringValue());
  }

  private static int index(String segment, int last) throws Misfit {
    boolean plain = segment.equals("0") || segment.matches("[1-9][0-9]{0,8}");
    if (!plain || Integer.parseInt(segment) > last) {
      throw new Misfit("\"" + segment + "\" is no index" + (last < 0 ? "" : " from 0 to " + last));
    }
    return Integer.parseInt(segment);
  }

  /// The segments of a JSON Pointer; none for the root.
  private static List<String> segments(String pointer) throws Misfit {
    if (pointer.isEmpty() || pointer.equals("/") || pointer.equals("[]")) {
      return List.of();
    } else if (pointer.charAt(0) != '/') {
      throw new Misfit("a path begins with \"/\"");
    }
    String[] segments = pointer.substring(1).split("/", -1);
    if (segments.length > MAX_DEPTH) {
      throw new Misfit("the path has more than " + MAX_DEPTH + " steps");
    }
    for (int i = 0; i < segments.length; i++) {
      if (BAD_ESCAPE.matcher(segments[i]).find()) {
        throw new Misfit("in a path, \"~\" is written ~0, and \"/\" is written ~1");
      }
      segments[i] = segments[i].replace("~1", "/").replace("~0", "~");
    }
    return List.of(segments);
  }

  /// The nesting depth of the value that an operation inserts: 0 for a string or number.
  private static int depth(PatchOperation operation) {
    Json value = Json.NULL;
    if (operation instanceof PatchOperation.Add add) {
      value = add.value();
    } else if (operation instanceof PatchOperation.Replace replace) {
      value = replace.value();
    }
    return EventReader.depth(value);
  }

  private static String kind(JsonNode node) {
    return node.isMissingNode()
        ? "nothing"
        : "a JSON " + node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  /// Why an operation cannot be applied.
  private static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    private Misfit(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }
}
