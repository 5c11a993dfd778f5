package io.galerne.server.api;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import io.galerne.server.fault.Fault;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.Field;
import io.galerne.server.log.MetadataCondition;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/// Parses the filters of a stream from its parameters (contract, section 4).
final class StreamQuery {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

  static {
    FIELDS.put("activity_name", Field.ACTIVITY_NAME);
    FIELDS.put("activity_id", Field.ACTIVITY_ID);
    FIELDS.put("workflow_name", Field.WORKFLOW_NAME);
    FIELDS.put("workflow_exec_id", Field.WORKFLOW_EXEC_ID);
    FIELDS.put("root_workflow_exec_id", Field.ROOT_WORKFLOW_EXEC_ID);
    FIELDS.put("parent_workflow_exec_id", Field.PARENT_WORKFLOW_EXEC_ID);
    FIELDS.put("stream", Field.STREAM);
  }

  private static final String SCOPE = "scope";
  private static final String START = "start_seq";
  private static final String TYPES = "workflow_event_types";
  private static final String METADATA = "metadata_filters";

  private static final List<String> SCOPES =
      Stream.of(Scope.values()).map(Scope::wireName).toList();
  private static final List<String> TYPE_NAMES =
      Stream.of(EventType.values()).map(EventType::wireName).toList();

  private final Query query;

  private StreamQuery(Query query) {
    this.query = query;
  }

  /// The requested filter; faults are recorded in the query.
  static EventFilter filter(Query query, String namespace) {
    return new StreamQuery(query).filter(namespace);
  }

  private EventFilter filter(String namespace) {
    EventFilter.Builder filter = EventFilter.in(namespace);
    FIELDS.forEach(
        (name, field) -> query.text(name).ifPresent(value -> filter.where(field, value)));
    query
        .choice(SCOPE, SCOPES)
        .ifPresent(word -> filter.scope(Scope.valueOf(word.toUpperCase(java.util.Locale.ROOT))));
    types(filter);
    query.parameters().forEach((name, values) -> metadata(name, values, filter));
    return filter.build();
  }

  private void types(EventFilter.Builder filter) {
    Set<EventType> wanted = EnumSet.noneOf(EventType.class);
    boolean any = false;
    int position = 0;
    for (String value : query.parameters().getOrDefault(TYPES, List.of())) {
      for (String word : value.split(",", -1)) {
        String name = word.strip();
        any |= name.equals("*");
        if (Query.isGiven(name)) {
          List<Object> loc = List.of("query", TYPES, position);
          EventType.ofWireName(name)
              .ifPresentOrElse(
                  wanted::add, () -> query.fault(Query.expected(TYPE_NAMES, loc, name)));
        }
        position++;
      }
    }
    if (!any && !wanted.isEmpty()) {
      filter.types(wanted);
    }
  }

  private void metadata(String name, List<String> values, EventFilter.Builder filter) {
    if (name.equals(METADATA)) {
      values.stream().filter(Query::isGiven).forEach(value -> metadata(value, filter));
    } else if (name.startsWith(METADATA + "[") && name.endsWith("]")) {
      member(name.substring(METADATA.length() + 1, name.length() - 1), values, filter);
    } else if (!isNamed(name)) {
      member(name, values, filter);
    }
  }

  private static boolean isNamed(String name) {
    return FIELDS.containsKey(name)
        || name.equals(SCOPE)
        || name.equals(START)
        || name.equals(TYPES)
        || LastEventId.NAMES.contains(name);
  }

  private static void member(String name, List<String> values, EventFilter.Builder filter) {
    values.stream()
        .filter(Query::isGiven)
        .forEach(value -> filter.where(new MetadataCondition(name, StringNode.valueOf(value))));
  }

  private void metadata(String json, EventFilter.Builder filter) {
    List<Object> loc = List.of("query", METADATA);
    JsonNode members;
    try {
      members = JSON.readTree(json);
    } catch (JacksonException | NumberFormatException e) {
      query.fault(
          new Fault(
              "json_invalid",
              loc,
              "Input should be a JSON object such as {\"tenant\":\"acme\"}; this is not JSON",
              JsonText.quote(json)));
      return;
    }
    if (members.isObject()) {
      members
          .properties()
          .forEach(
              member -> filter.where(new MetadataCondition(member.getKey(), member.getValue())));
    } else if (!members.isNull() && !members.isMissingNode()) {
      query.fault(
          new Fault(
              "dict_type",
              loc,
              "Input should be a JSON object such as {\"tenant\":\"acme\"}",
              JsonText.quote(json)));
    }
  }
}
