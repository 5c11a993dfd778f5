package io.galerne.protocol;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The attributes of all 17 event types, with the kinds of their values. [EventSchema] lists the
/// attributes of each type.
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

  /// The kind of an attribute's value.
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

  /// The attribute's name on the wire, such as `task_id`.
  public String wireName() {
    return wireName;
  }

  /// The kind of the attribute's value.
  public Kind kind() {
    return kind;
  }
}
