package io.galerne.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Selects the events of one namespace that meet every condition (contract, section 4). Immutable;
/// safe for use by several threads.
public final class EventFilter {
  /// By selectivity: fields that usually match the fewest events first.
  private static final Field[] BY_SELECTIVITY = {
    Field.WORKFLOW_RUN_ID,
    Field.WORKFLOW_EXEC_ID,
    Field.PARENT_WORKFLOW_EXEC_ID,
    Field.ROOT_WORKFLOW_EXEC_ID,
    Field.ACTIVITY_ID,
    Field.ACTIVITY_NAME,
    Field.WORKFLOW_NAME,
    Field.STREAM
  };

  private final byte[] namespace;
  private final Map<Field, byte[]> values;
  private final Set<EventType> types;
  private final List<MetadataCondition> metadata;
  private final Field[] fields;
  private final byte[][] wanted;

  private EventFilter(Builder builder) {
    this.namespace = builder.namespace;
    this.values = builder.values;
    this.types = Collections.unmodifiableSet(EnumSet.copyOf(builder.types));
    this.metadata = List.copyOf(builder.metadata);
    this.fields = values.keySet().toArray(Field[]::new);
    this.wanted = values.values().toArray(byte[][]::new);
  }

  /// A builder of a filter for all events of a namespace. Add conditions to narrow it.
  public static Builder in(String namespace) {
    return new Builder(namespace);
  }

  /// Whether the event meets every condition.
  public boolean matches(EventRecord event) {
    for (int i = 0; i < fields.length; i++) {
      if (!event.is(fields[i], wanted[i])) {
        return false;
      }
    }
    return types.contains(event.type())
        && event.is(Field.NAMESPACE, namespace)
        && (metadata.isEmpty() || matchesMetadata(event));
  }

  private boolean matchesMetadata(EventRecord event) {
    if (!event.has(Field.METADATA)) {
      return false;
    }
    JsonNode members = Metadata.of(event);
    return metadata.stream().allMatch(condition -> condition.isMetBy(members));
  }

  /// The namespace, in UTF-8. Do not modify.
  public byte[] namespace() {
    return namespace;
  }

  /// The value that the field must have, in UTF-8; null if any value matches. Do not modify.
  public byte @Nullable [] value(Field field) {
    return values.get(field);
  }

  /// The event types that match.
  public Set<EventType> types() {
    return types;
  }

  /// Whether no event can match.
  public boolean isEmpty() {
    return types.isEmpty();
  }

  /// The index terms of this filter, the most selective first: for every term, a matching event has
  /// at least one of its keys among its [EventRecord#keys()]. The converse does not hold: keys may
  /// collide, and not every condition has a key.
  public List<long[]> keys() {
    List<long[]> terms = new ArrayList<>();
    for (Field field : BY_SELECTIVITY) {
      byte[] value = values.get(field);
      if (value != null) {
        terms.add(new long[] {IndexKeys.ofValue(namespace, field, value)});
      }
    }
    for (MetadataCondition condition : metadata) {
      condition
          .canonicalValue()
          .ifPresent(value ->
              terms.add(new long[] {IndexKeys.ofMetadata(namespace, condition.member(), value)}));
    }
    if (types.size() < EventType.values().length) {
      terms.add(types.stream().mapToLong(type -> IndexKeys.ofType(namespace, type)).toArray());
    }
    if (terms.isEmpty()) {
      terms.add(new long[] {IndexKeys.ofNamespace(namespace)});
    }
    return terms;
  }

  /// A selective key that every matching event has among its [EventRecord#keys()].
  public long waitingKey() {
    return keys().stream()
        .filter(anyOf -> anyOf.length == 1)
        .mapToLong(anyOf -> anyOf[0])
        .findFirst()
        .orElseGet(() -> IndexKeys.ofNamespace(namespace));
  }

  /// Collects the conditions of an [EventFilter]. Not safe for use by several threads.
  public static final class Builder {
    private final byte[] namespace;
    private final Map<Field, byte[]> values = new EnumMap<>(Field.class);
    private final Set<EventType> types = EnumSet.allOf(EventType.class);
    private final List<MetadataCondition> metadata = new ArrayList<>();

    private Builder(String namespace) {
      this.namespace = namespace.getBytes(UTF_8);
    }

    /// Requires the field to have exactly this value.
    ///
    /// @throws IllegalArgumentException if filters do not support the field
    public Builder where(Field field, String value) {
      if (!Arrays.asList(BY_SELECTIVITY).contains(field)) {
        throw new IllegalArgumentException("No filter selects on " + field);
      }
      values.put(field, value.getBytes(UTF_8));
      return this;
    }

    public Builder scope(Scope scope) {
      types.removeIf(type -> type.scope() != scope);
      return this;
    }

    /// Requires one of these types; a second call keeps only the types in both sets.
    public Builder types(Set<EventType> anyOf) {
      types.retainAll(anyOf);
      return this;
    }

    public Builder where(MetadataCondition condition) {
      metadata.add(condition);
      return this;
    }

    public EventFilter build() {
      return new EventFilter(this);
    }
  }
}
