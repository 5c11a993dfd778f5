package io.galerne.server.ingest;

import java.util.Set;
import java.util.stream.Collectors;

/// Checks a payload: JSON, or a JSON Patch with the operations of the schemas.
final class PayloadChecker {
  private static final Set<String> ENCODINGS =
      Set.of("offloaded", "encrypted", "encrypted-partial", "compressed");
  private static final Set<String> OPERATIONS = Set.of("add", "append", "remove", "replace");

  /// Checks and skips the value at the cursor.
  @FunctionalInterface
  private interface Check {
    void on(JsonCursor at);
  }

  /// Checks a JSON Patch of an event.
  private record Patch(CheckedEvent event) implements Check {
    @Override
    public void on(JsonCursor at) {
      patch(at, event);
    }
  }

  private PayloadChecker() {}

  /// Checks the payload at the cursor.
  ///
  /// @param mayBePatch whether a JSON Patch is allowed
  /// @param event collects the members to insert
  static void check(JsonCursor at, boolean mayBePatch, CheckedEvent event) {
    if (!EventChecker.isObject(at)) {
      return;
    }
    int from = at.start();
    boolean hasType = false;
    boolean hasEncoding = false;
    boolean isPatch = false;
    ValueSpan value = new ValueSpan();
    Check patch = new Patch(event);
    while (at.nextMember()) {
      String name = at.name();
      at.enter(name);
      switch (name) {
        case "type" -> {
          if (!EventChecker.isRepeated(at, hasType)) {
            hasType = true;
            isPatch = isPatch(at, mayBePatch);
          }
        }
        case "value" -> value.meet(at, isPatch, patch);
        case "encoding_options" -> {
          if (!EventChecker.isRepeated(at, hasEncoding)) {
            hasEncoding = true;
            encodingOptions(at);
          }
        }
        default -> at.skip();
      }
      at.leave();
    }
    if (value.isMissing()) {
      at.missing("value", from, at.end());
    }
    value.finish(at, isPatch, patch);
    if (!hasType || !hasEncoding) {
      String type = hasType ? "" : ",\"type\":\"json\"";
      String encoding = hasEncoding ? "" : ",\"encoding_options\":null";
      event.insert(at.end() - 1, type + encoding);
    }
  }

  /// A member `value` whose check depends on another member, which may come before or after it.
  private static final class ValueSpan {
    private int from = -1;
    private int to;
    private boolean checked;

    void meet(JsonCursor at, boolean needsCheck, Check check) {
      if (EventChecker.isRepeated(at, from >= 0)) {
        return;
      }
      from = at.start();
      if (needsCheck) {
        checked = true;
        check.on(at);
      } else {
        to = at.skip();
      }
    }

    boolean isMissing() {
      return from < 0;
    }

    void finish(JsonCursor at, boolean needsCheck, Check check) {
      if (from >= 0 && needsCheck && !checked) {
        at.enter("value");
        check.on(at.again(from, to));
        at.leave();
      }
    }
  }

  private static boolean isPatch(JsonCursor at, boolean mayBePatch) {
    String type = at.is(JsonToken.STRING) ? at.string() : "";
    boolean isPatch = mayBePatch && type.equals("json_patch");
    if (!isPatch && !type.equals("json")) {
      String expected = mayBePatch ? "'json' or 'json_patch'" : "'json'";
      at.fault("literal_error", "Input should be " + expected, expectedContext(expected));
    }
    return isPatch;
  }

  private static void encodingOptions(JsonCursor at) {
    if (at.is(JsonToken.NULL) || !EventChecker.isArray(at)) {
      return;
    }
    for (int i = 0; at.nextElement(); i++) {
      at.enter(i);
      oneOf(at, ENCODINGS);
      at.leave();
    }
  }

  private static void patch(JsonCursor at, CheckedEvent event) {
    if (at.is(JsonToken.STRING) || !EventChecker.isArray(at)) {
      return; // a string is an encoded patch
    }
    for (int i = 0; at.nextElement(); i++) {
      at.enter(i);
      if (EventChecker.isObject(at)) {
        operation(at, event);
      }
      at.leave();
    }
  }

  /// Checks an operation. A missing value means null, which workers omit.
  private static void operation(JsonCursor at, CheckedEvent event) {
    int from = at.start();
    boolean hasOp = false;
    boolean hasPath = false;
    boolean isAppend = false;
    ValueSpan value = new ValueSpan();
    while (at.nextMember()) {
      String name = at.name();
      at.enter(name);
      switch (name) {
        case "op" -> {
          if (!EventChecker.isRepeated(at, hasOp)) {
            hasOp = true;
            isAppend = oneOf(at, OPERATIONS).equals("append");
          }
        }
        case "path" -> {
          if (!EventChecker.isRepeated(at, hasPath)) {
            hasPath = true;
            path(at);
          }
        }
        case "value" -> value.meet(at, isAppend, PayloadChecker::appended);
        default -> at.skip();
      }
      at.leave();
    }
    if (!hasOp) {
      at.missing("op", from, at.end());
    }
    if (!hasPath) {
      at.missing("path", from, at.end());
    }
    if (value.isMissing() && isAppend) {
      at.missing("value", from, at.end());
    } else if (value.isMissing()) {
      event.insert(at.end() - 1, ",\"value\":null");
    }
    value.finish(at, isAppend, PayloadChecker::appended);
  }

  /// Checks a JSON Pointer; the root may also be an empty list.
  private static void path(JsonCursor at) {
    if (!at.is(JsonToken.ARRAY_START)) {
      EventChecker.isString(at);
      return;
    }
    int from = at.start();
    int elements = 0;
    while (at.nextElement()) {
      at.skip();
      elements++;
    }
    if (elements > 0) {
      at.faultAt(
          "string_type",
          "Input should be a JSON Pointer as a string, or an empty list for the root",
          "",
          from,
          at.end());
    }
  }

  /// Checks an appended value: a string, or an encrypted one.
  private static void appended(JsonCursor at) {
    if (at.is(JsonToken.STRING)) {
      return;
    }
    int from = at.start();
    int to;
    boolean isEncrypted = false;
    boolean hasValue = false;
    if (at.is(JsonToken.OBJECT_START)) {
      while (at.nextMember()) {
        boolean isText = at.is(JsonToken.STRING);
        isEncrypted |= at.name().equals("type") && isText && at.string().equals("__encrypted__");
        hasValue |= at.name().equals("value") && isText;
        at.skip();
      }
      to = at.end();
    } else {
      to = at.skip();
    }
    if (!isEncrypted || !hasValue) {
      at.faultAt(
          "string_type",
          "Input should be a string, or {\"type\":\"__encrypted__\",\"value\":\"<base64>\"}",
          "",
          from,
          to);
    }
  }

  /// The string at the cursor if it is one of these words; otherwise records a fault and returns an
  /// empty string.
  private static String oneOf(JsonCursor at, Set<String> words) {
    if (at.is(JsonToken.STRING) && words.contains(at.string())) {
      return at.string();
    }
    String expected =
        words.stream().sorted().map(word -> "'" + word + "'").collect(Collectors.joining(", "));
    at.fault("enum", "Input should be one of " + expected, expectedContext(expected));
    return "";
  }

  static String expectedContext(String expected) {
    return "{\"expected\":" + JsonText.quote(expected) + "}";
  }
}
