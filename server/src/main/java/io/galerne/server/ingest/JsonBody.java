package io.galerne.server.ingest;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;

/// A request body that is one JSON object, in UTF-8.
final class JsonBody {
  private JsonBody() {}

  /// Has the form read the object that the body is, which it leaves at its end. Lone surrogates are
  /// replaced in the body itself.
  ///
  /// @throws InvalidRequestException with every fault that was noted, or why this is not JSON
  static void read(byte[] body, Consumer<JsonCursor> form) {
    requireUtf8(body);
    LoneSurrogates.replace(body);
    try (JsonCursor in = new JsonCursor(body, "body")) {
      if (in.next() == null) {
        throw notJson(0, "it is empty");
      }
      if (EventChecker.isObject(in)) {
        form.accept(in);
      }
      if (in.next() != null) {
        throw notJson(in.start(), "something follows the JSON object");
      }
      if (in.hasFaults()) {
        throw new InvalidRequestException(in.faults());
      }
    } catch (StreamConstraintsException e) {
      throw notJson(
          at(e),
          "a number has at most 1000 characters and a name 50000, and nothing is nested more than 500"
              + " levels deep");
    } catch (JacksonException e) {
      throw notJson(at(e), e.getOriginalMessage().lines().findFirst().orElse("it is not JSON"));
    }
  }

  private static long at(JacksonException e) {
    return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
  }

  private static void requireUtf8(byte[] body) {
    // A byte order mark or a zero byte would make the parser guess at other encodings.
    boolean plain = body.length == 0 || (body[0] != (byte) 0xEF && body[0] != 0);
    boolean wide = body.length > 1 && body[1] == 0;
    if (!plain
        || wide
        || !ByteBufUtil.isText(Unpooled.wrappedBuffer(body), StandardCharsets.UTF_8)) {
      throw notJson(0, "it must be UTF-8 without a byte order mark");
    }
  }

  private static InvalidRequestException notJson(long at, String why) {
    return new InvalidRequestException(
        List.of(
            new Fault(
                "json_invalid",
                List.of("body", at),
                "JSON decode error at byte " + at + ": " + why,
                "{}",
                "{\"error\":" + JsonText.quote(why) + "}")));
  }
}
