package io.galerne.server.live;

import io.galerne.server.live.RandomEvents.Sample;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Determines which events a query selects by a slow, literal reading of the contract's section 4.
record FilterOracle(List<Parameter> parameters) {
  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// A parameter before encoding.
  record Parameter(String name, String value) {
    private String encoded() {
      return encode(name) + "=" + encode(value);
    }

    private static String encode(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }

  static FilterOracle of(String... namesAndValues) {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.add(new Parameter(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new FilterOracle(parameters);
  }

  FilterOracle and(FilterOracle other) {
    List<Parameter> both = new ArrayList<>(parameters);
    both.addAll(other.parameters);
    return new FilterOracle(both);
  }

  String query() {
    return parameters.stream().map(Parameter::encoded).collect(Collectors.joining("&"));
  }

  boolean selects(Sample sample) {
    Set<String> types = new HashSet<>();
    for (Parameter parameter : parameters) {
      if (parameter.name.equals("workflow_event_types")) {
        types.addAll(List.of(parameter.value.split(",")));
      } else if (isGiven(parameter.value) && !selects(parameter, sample)) {
        return false;
      }
    }
    types.remove("");
    return types.isEmpty() || types.contains("*") || types.contains(sample.type().wireName());
  }

  private static boolean isGiven(String value) {
    return !value.isEmpty() && !value.equals("*");
  }

  private static boolean selects(Parameter parameter, Sample sample) {
    String wanted = parameter.value;
    return switch (parameter.name) {
      case "scope" -> wanted.equals(scope(sample));
      case "stream" -> wanted.equals(stream(sample));
      case "activity_name" -> wanted.equals(activityName(sample));
      case "activity_id" -> wanted.equals(activityId(sample));
      case "workflow_name",
          "workflow_exec_id",
          "root_workflow_exec_id",
          "parent_workflow_exec_id" ->
          wanted.equals(sample.data().path(parameter.name).asString(null));
      case "metadata_filters" -> selectsAll(JSON.readTree(wanted), sample);
      default -> {
        String name = parameter.name;
        String key =
            name.startsWith("metadata_filters[") ? name.substring(17, name.length() - 1) : name;
        yield selects(key, JSON.getNodeFactory().stringNode(wanted), sample);
      }
    };
  }

  private static boolean selectsAll(JsonNode wanted, Sample sample) {
    return wanted
        .propertyStream()
        .allMatch(member -> selects(member.getKey(), member.getValue(), sample));
  }

  private static boolean selects(String key, JsonNode wanted, Sample sample) {
    JsonNode value = sample.metadata().get(key);
    if (value == null) {
      return false;
    }
    return sameJson(wanted, value)
        || (wanted.isString()
            && !value.isString()
            && !value.isContainer()
            && spells(wanted.stringValue(), value));
  }

  private static boolean spells(String text, JsonNode value) {
    try {
      return text.equals(text.strip()) && sameJson(JSON.readTree(text), value);
    } catch (JacksonException _) {
      return false;
    }
  }

  private static boolean sameJson(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0;
    }
    if (one.isContainer() && one.getNodeType() == other.getNodeType()) {
      return one.isArray() ? sameItems(one, other) : sameMembers(one, other);
    }
    return one.equals(other);
  }

  private static boolean sameItems(JsonNode one, JsonNode other) {
    boolean same = one.size() == other.size();
    for (int i = 0; same && i < one.size(); i++) {
      same = sameJson(one.get(i), other.get(i));
    }
    return same;
  }

  private static boolean sameMembers(JsonNode one, JsonNode other) {
    return one.size() == other.size()
        && one.propertyStream()
            .allMatch(member ->
                other.has(member.getKey())
                    && sameJson(member.getValue(), other.get(member.getKey())));
  }

  private static String scope(Sample sample) {
    return sample.type().wireName().startsWith("WORKFLOW_") ? "workflow" : "activity";
  }

  private static String stream(Sample sample) {
    if (sample.stream().isPresent()) {
      return sample.stream().get();
    }
    return sample.type().wireName().startsWith("CUSTOM_TASK_")
        ? sample.data().at("/attributes/custom_task_type").stringValue()
        : scope(sample);
  }

  private static String activityName(Sample sample) {
    return sample.type().wireName().startsWith("ACTIVITY_TASK_")
        ? sample.data().at("/attributes/activity_name").stringValue()
        : sample.activityName().orElse(null);
  }

  private static String activityId(Sample sample) {
    return sample.type().wireName().startsWith("ACTIVITY_TASK_")
        ? sample.data().at("/attributes/task_id").stringValue()
        : sample.activityId().orElse(null);
  }
}
