package io.galerne.server.log;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A condition on one member of an event's metadata (contract, section 4): equal as JSON, numbers
/// by value; a wanted string also matches the number, boolean or null that it spells.
///
/// @param member the name of a top-level member
/// @param wanted its value
public record MetadataCondition(String member, JsonNode wanted) {
  boolean isMetBy(JsonNode metadata) {
    @Nullable JsonNode value = metadata.get(member);
    return value != null
        && (Metadata.equal(wanted, value)
            || (wanted.isString() && Metadata.spells(wanted.asString(), value)));
  }

  /// The value's text in the index; empty for objects and arrays, which are not indexed.
  Optional<String> canonicalValue() {
    return wanted.isContainer() ? Optional.empty() : Optional.of(Metadata.canonical(wanted));
  }
}
