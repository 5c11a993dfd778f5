package io.galerne.protocol;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The attributes that the 17 types of events have between them, and what their values are.
/// [EventSchema] says which type has which.
public enum Attribute {
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

  /// What the value of an attribute is.
  public enum Kind {
    TEXT,
    /// An integer.
    COUNT,
    PAYLOAD,
    FAILURE
  }

  private static final Map<String, Attribute> BY_WIRE_NAME =
      Stream.of(values()).collect(toUnmodifiableMap(Attribute::wireName, attribute -> attribute));

  private final Kind kind;
  private final String wireName;

  Attribute(Kind kind) {
    this.kind = kind;
    this.wireName = name().toLowerCase(Locale.ROOT);
  }

  static @Nullable Attribute ofWireName(String wireName) {
    return BY_WIRE_NAME.get(wireName);
  }

  /// Its name on the wire, such as `task_id`.
  public String wireName() {
    return wireName;
  }

  /// What its value is.
  public Kind kind() {
    return kind;
  }
}
