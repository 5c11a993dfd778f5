package io.galerne.server.log;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What one member of an event's metadata must be (contract, section 4): equal as JSON, numbers by
/// value; a wanted string also matches the number, boolean or null that it spells.
///
/// @param member the member's name, at the top of the metadata
/// @param wanted its value
public record MetadataCondition(String member, JsonNode wanted) {
  boolean isMetBy(JsonNode metadata) {
    @Nullable JsonNode value = metadata.get(member);
    return value != null
        && (Metadata.equal(wanted, value)
            || (wanted.isString() && Metadata.spells(wanted.asString(), value)));
  }

  /// What an index files the value under; empty for objects and arrays, which it leaves out.
  Optional<String> canonicalValue() {
    return wanted.isContainer() ? Optional.empty() : Optional.of(Metadata.canonical(wanted));
  }
}
