package io.galerne.server.ingest;

import io.galerne.server.fault.Fault;
import io.galerne.server.fault.InvalidRequestException;
import java.util.List;
import java.util.function.Consumer;

/// A request body that is one JSON object, in UTF-8.
final class JsonBody {
  private JsonBody() {}

  /// Parses the body's object with `form`, which must leave the cursor at its end. Replaces lone
  /// surrogates in the body itself.
  ///
  /// @throws InvalidRequestException with every fault, or the reason why it is not JSON
  static void read(byte[] body, Consumer<JsonCursor> form) {
    if (body.length > 2 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB) {
      throw notJson(0, "it must be UTF-8 without a byte order mark");
    }
    JsonCursor in = new JsonCursor(body, "body");
    try {
      in.next();
      if (EventChecker.isObject(in)) {
        form.accept(in);
      }
      in.next(); // nothing may follow
    } catch (JsonSyntaxException e) {
      throw notJson(e.at(), String.valueOf(e.getMessage()));
    }
    if (in.hasFaults()) {
      throw new InvalidRequestException(in.faults());
    }
  }

  private static InvalidRequestException notJson(int at, String why) {
    return new InvalidRequestException(
        List.of(
            new Fault(
                "json_invalid",
                List.of("body", (long) at),
                "JSON decode error at byte " + at + ": " + why,
                "{}",
                "{\"error\":" + JsonText.quote(why) + "}")));
  }
}
