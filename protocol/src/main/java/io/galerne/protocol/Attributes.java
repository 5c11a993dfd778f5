package io.galerne.protocol;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The valid attributes of one event. Immutable.
final class Attributes {
  private final Map<Attribute, Object> values;

  /// @param values `String`, `Long`, [Payload] or [Failure], depending on the attribute's kind; not
  ///     copied
  Attributes(Map<Attribute, Object> values) {
    this.values = values;
  }

  @Nullable Object value(Attribute attribute) {
    return values.get(attribute);
  }

  String text(Attribute attribute) {
    return Objects.requireNonNull(optionalText(attribute));
  }

  @Nullable String optionalText(Attribute attribute) {
    return (String) values.get(attribute);
  }

  /// A count; 1 if it is missing.
  int count(Attribute attribute) {
    Object count = values.get(attribute);
    return count == null ? 1 : ((Long) count).intValue();
  }

  Payload payload(Attribute attribute) {
    return Objects.requireNonNull(optionalPayload(attribute));
  }

  @Nullable Payload optionalPayload(Attribute attribute) {
    return (Payload) values.get(attribute);
  }

  Failure failure() {
    return (Failure) Objects.requireNonNull(values.get(Attribute.FAILURE));
  }
}
