package io.galerne.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A naive [EventFilter], written from the contract, section 4: it evaluates the JSON of the stream
/// event, without records, keys or indexes.
final class FilterOracle {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final String namespace;
  private final Map<Field, String> fields = new EnumMap<>(Field.class);
  private final Map<String, JsonNode> metadata = new LinkedHashMap<>();
  private @Nullable Scope scope;
  private @Nullable Set<EventType> types;

  FilterOracle(String namespace) {
    this.namespace = namespace;
  }

  FilterOracle where(Field field, String value) {
    fields.put(field, value);
    return this;
  }

  /// @param json the wanted value, as JSON
  FilterOracle metadata(String member, String json) {
    metadata.put(member, JSON.readTree(json));
    return this;
  }

  FilterOracle scope(Scope wanted) {
    scope = wanted;
    return this;
  }

  FilterOracle types(Set<EventType> anyOf) {
    types = anyOf.isEmpty() ? EnumSet.noneOf(EventType.class) : EnumSet.copyOf(anyOf);
    return this;
  }

  EventFilter filter() {
    EventFilter.Builder filter = EventFilter.in(namespace);
    fields.forEach(filter::where);
    metadata.forEach((member, wanted) -> filter.where(new MetadataCondition(member, wanted)));
    if (scope != null) {
      filter.scope(scope);
    }
    if (types != null) {
      filter.types(types);
    }
    return filter.build();
  }

  /// The stream event of a record, as a reader gets it.
  static JsonNode streamEvent(EventRecord event) {
    String body = new String(event.bytes(), event.bodyOffset(), event.bodyLength(), UTF_8);
    return JSON.readTree(body + "1}");
  }

  boolean selects(JsonNode streamEvent) {
    JsonNode data = streamEvent.path("data");
    String type = data.path("event_type").stringValue();
    boolean isWorkflow = type.startsWith("WORKFLOW_");
    return namespace.equals(streamEvent.path("workflow_context").path("namespace").stringValue())
        && (scope == null || isWorkflow == (scope == Scope.WORKFLOW))
        && (types == null || types.contains(EventType.valueOf(type)))
        && fields.entrySet().stream()
            .allMatch(field -> field.getValue().equals(value(field.getKey(), streamEvent)))
        && metadata.entrySet().stream()
            .allMatch(member ->
                matches(member.getValue(), streamEvent.path("metadata").get(member.getKey())));
  }

  private static @Nullable String value(Field field, JsonNode streamEvent) {
    JsonNode data = streamEvent.path("data");
    boolean isActivity = data.path("event_type").stringValue().startsWith("ACTIVITY_TASK_");
    JsonNode activity = isActivity ? data.path("attributes") : JSON.missingNode();
    JsonNode value =
        switch (field) {
          case EVENT_ID -> data.path("event_id");
          case WORKFLOW_EXEC_ID -> data.path("workflow_exec_id");
          case ROOT_WORKFLOW_EXEC_ID -> data.path("root_workflow_exec_id");
          case PARENT_WORKFLOW_EXEC_ID -> data.path("parent_workflow_exec_id");
          case WORKFLOW_RUN_ID -> data.path("workflow_run_id");
          case WORKFLOW_NAME -> data.path("workflow_name");
          case ACTIVITY_NAME -> activity.path("activity_name");
          case ACTIVITY_ID -> activity.path("task_id");
          case STREAM -> streamEvent.path("stream");
          case DATA, METADATA, NAMESPACE, EVENT_TYPE ->
              throw new IllegalArgumentException("No condition on " + field);
        };
    return value.isString() ? value.stringValue() : null;
  }

  /// Values compare as JSON; a string also matches the number, boolean or null it spells.
  static boolean matches(JsonNode wanted, @Nullable JsonNode found) {
    if (found == null) {
      return false;
    }
    if (wanted.isString() && (found.isNumber() || found.isBoolean() || found.isNull())) {
      return spells(wanted.stringValue(), found);
    }
    return same(wanted, found);
  }

  private static boolean spells(String text, JsonNode found) {
    boolean isJsonNumber = text.matches("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?");
    return found.isNumber()
        ? isJsonNumber && new BigDecimal(text).compareTo(found.decimalValue()) == 0
        : text.equals(found.toString());
  }

  private static boolean same(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue()) == 0;
    }
    if (one.isArray() && other.isArray()) {
      boolean same = one.size() == other.size();
      for (int i = 0; same && i < one.size(); i++) {
        same = same(one.get(i), other.get(i));
      }
      return same;
    }
    if (one.isObject() && other.isObject()) {
      return one.size() == other.size()
          && one.properties().stream()
              .allMatch(member ->
                  other.has(member.getKey())
                      && same(member.getValue(), other.get(member.getKey())));
    }
    return one.getNodeType() == other.getNodeType()
        && (!one.isString() || one.stringValue().equals(other.stringValue()))
        && (!one.isBoolean() || one.booleanValue() == other.booleanValue());
  }

  @Override
  public String toString() {
    return namespace
        + fields
        + (scope == null ? "" : scope)
        + (types == null ? "" : types)
        + metadata;
  }
}
