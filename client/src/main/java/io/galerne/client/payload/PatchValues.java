package io.galerne.client.payload;

import io.galerne.protocol.Json;

/// The values of a JSON Patch's operations, each encrypted separately as
/// `{"type": "__encrypted__", "value": …}`, so that operations and paths stay readable.
final class PatchValues {
  private static final String TYPE = "__encrypted__";

  /// Returns the value of a wrapper's content.
  @FunctionalInterface
  interface Unwrapping {
    Json apply(String data) throws PayloadFault;
  }

  /// Returns a wrapper's content for a value.
  @FunctionalInterface
  interface Wrapping {
    String apply(Json value);
  }

  private PatchValues() {}

  /// Unwraps all values of a patch; returns the same patch if none is wrapped.
  ///
  /// @param patch an array
  static Json unwrap(Json patch, Unwrapping unwrapping) throws PayloadFault {
    try (JsonSplice in = new JsonSplice(patch.text())) {
      while (in.nextElement()) {
        if (!in.atObject()) {
          in.skip();
          continue;
        }
        for (String name = in.nextMember(); name != null; name = in.nextMember()) {
          if (name.equals("value") && in.atObject()) {
            unwrap(in, unwrapping);
          } else {
            in.skip();
          }
        }
      }
      return in.isChanged() ? Json.of(in.result()) : patch;
    }
  }

  private static void unwrap(JsonSplice in, Unwrapping unwrapping) throws PayloadFault {
    int from = in.from();
    String type = null;
    String data = null;
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "type" -> type = in.string();
        case "value" -> data = in.string();
        default -> in.skip();
      }
    }
    if (TYPE.equals(type)) {
      if (data == null) {
        throw new PayloadFault("an operation's value of type " + TYPE + " has no string in it");
      }
      in.replace(from, in.to(), unwrapping.apply(data).text());
    }
  }

  /// Wraps the value of every operation of a patch; returns the same patch if none has a value.
  ///
  /// @param patch an array
  static Json wrap(Json patch, Wrapping wrapping) {
    try (JsonSplice in = new JsonSplice(patch.text())) {
      while (in.nextElement()) {
        if (!in.atObject()) {
          in.skip();
          continue;
        }
        for (String name = in.nextMember(); name != null; name = in.nextMember()) {
          int from = in.from();
          in.skip();
          if (name.equals("value")) {
            Json value = Json.of(in.slice(from, in.to()));
            in.replace(from, in.to(), wrapper(wrapping.apply(value)));
          }
        }
      }
      return in.isChanged() ? Json.of(in.result()) : patch;
    }
  }

  private static String wrapper(String base64) {
    return "{\"type\":\"" + TYPE + "\",\"value\":\"" + base64 + "\"}";
  }
}
