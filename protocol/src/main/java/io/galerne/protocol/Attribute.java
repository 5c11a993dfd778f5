package io.galerne.protocol;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The attributes that events of the 17 types have between them, and what their values are. A
/// constant's name in small letters is its name on the wire.
enum Attribute {
  TASK_ID(Kind.TEXT),
  WORKFLOW_NAME(Kind.TEXT),
  DISPLAY_NAME(Kind.TEXT),
  NEW_EXECUTION_RUN_ID(Kind.TEXT),
  ACTIVITY_NAME(Kind.TEXT),
  CUSTOM_TASK_ID(Kind.TEXT),
  CUSTOM_TASK_TYPE(Kind.TEXT),
  REASON(Kind.TEXT),
  TIMEOUT_TYPE(Kind.TEXT),
  ATTEMPT(Kind.COUNT),
  INPUT(Kind.PAYLOAD),
  RESULT(Kind.PAYLOAD),
  PAYLOAD(Kind.PAYLOAD),
  FAILURE(Kind.FAILURE);

  enum Kind {
    TEXT,
    COUNT,
    PAYLOAD,
    FAILURE
  }

  private static final Map<String, Attribute> BY_WIRE_NAME =
      Stream.of(values())
          .collect(
              toUnmodifiableMap(
                  attribute -> attribute.name().toLowerCase(Locale.ROOT), attribute -> attribute));

  private final Kind kind;

  Attribute(Kind kind) {
    this.kind = kind;
  }

  static @Nullable Attribute ofWireName(String wireName) {
    return BY_WIRE_NAME.get(wireName);
  }

  Kind kind() {
    return kind;
  }
}
