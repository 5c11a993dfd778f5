package io.galerne.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// Renders an event as JSON, with every nullable member present (contract, section 1).
final class EventText {
  private final StringBuilder text = new StringBuilder(512);
  private boolean first = true;

  private EventText() {}

  /// The JSON of an event.
  static Json event(EventType type, EventHeader header, Attributes attributes) {
    EventText event = new EventText();
    event.header(type, header);
    for (EventSchema.Member member : EventSchema.of(type)) {
      event.attribute(member, attributes);
    }
    return Json.slice(event.text.append("}}").toString());
  }

  /// The JSON of a stream event, without namespace and metadata (contract, section 2).
  static Json streamEvent(long brokerSequence, Event event) {
    EventText envelope = new EventText();
    StringBuilder text = envelope.text.append('{');
    envelope.member("stream", stream(event));
    envelope.member("timestamp", EventTimestamp.format(event.eventTimestampNanos()));
    envelope.name("data").append(event.json().text());
    envelope.name("workflow_context").append('{');
    envelope.first = true;
    envelope.member("workflow_name", event.workflowName());
    envelope.member("workflow_exec_id", event.workflowExecId());
    envelope.member("parent_workflow_exec_id", event.header().parentWorkflowExecId());
    envelope.member("root_workflow_exec_id", event.rootWorkflowExecId());
    text.append('}');
    envelope.name("metadata").append("{}");
    envelope.name("broker_sequence").append(brokerSequence);
    return Json.slice(text.append('}').toString());
  }

  private static String stream(Event event) {
    if (event instanceof CustomTaskEvent task) {
      return task.customTaskType();
    }
    return event instanceof ActivityTaskEvent ? "activity" : "workflow";
  }

  private void header(EventType type, EventHeader header) {
    text.append('{');
    member("event_id", header.eventId());
    name("event_timestamp").append(header.eventTimestampNanos());
    member("root_workflow_exec_id", header.rootWorkflowExecId());
    member("parent_workflow_exec_id", header.parentWorkflowExecId());
    member("continued_run_id", header.continuedRunId());
    member("first_execution_run_id", header.firstExecutionRunId());
    member("chain_run_id", header.chainRunId());
    member("schedule_id", header.scheduleId());
    member("workflow_exec_id", header.workflowExecId());
    member("workflow_run_id", header.workflowRunId());
    member("workflow_name", header.workflowName());
    member("event_type", type.wireName());
    name("attributes").append('{');
    first = true;
  }

  private void attribute(EventSchema.Member member, Attributes attributes) {
    Attribute attribute = member.attribute();
    String name = attribute.wireName();
    switch (attribute.kind()) {
      case TEXT -> member(name, attributes.optionalText(attribute));
      case COUNT -> name(name).append(attributes.count(attribute));
      case FAILURE -> name(name).append(attributes.failure().json().text());
      case PAYLOAD -> {
        Payload payload = attributes.optionalPayload(attribute);
        if (payload != null) { // the schema does not allow null
          name(name);
          append(payload);
        }
      }
    }
  }

  private void member(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      quote(value, text);
    }
  }

  static Json payload(Payload payload) {
    EventText alone = new EventText();
    alone.append(payload);
    return Json.slice(alone.text.toString());
  }

  private void append(Payload payload) {
    if (payload instanceof UnknownPayload unknown) {
      text.append(unknown.json().text());
    } else if (payload instanceof JsonPayload json) {
      payload(json.type(), json.value(), json.encodingOptions());
    } else if (payload instanceof JsonPatchPayload patch) {
      payload(patch.type(), patch.value(), patch.encodingOptions());
    }
  }

  private void payload(String type, Json value, List<String> encodingOptions) {
    text.append("{\"type\":\"").append(type).append("\",\"value\":").append(value.text());
    text.append(",\"encoding_options\":");
    if (encodingOptions.isEmpty()) {
      text.append("null}");
      return;
    }
    char separator = '[';
    for (String option : encodingOptions) {
      quote(option, text.append(separator));
      separator = ',';
    }
    text.append("]}");
  }

  private StringBuilder name(String name) {
    if (!first) {
      text.append(',');
    }
    first = false;
    return text.append('"').append(name).append("\":");
  }

  /// Renders the operations as an array.
  static Json patch(List<PatchOperation> operations) {
    StringBuilder text = new StringBuilder("[");
    for (PatchOperation operation : operations) {
      text.append(text.length() == 1 ? "" : ",").append(operation.json().text());
    }
    return Json.slice(text.append(']').toString());
  }

  static Json operation(PatchOperation operation) {
    StringBuilder text = new StringBuilder("{\"op\":");
    quote(operation.op(), text);
    quote(operation.path(), text.append(",\"path\":"));
    return Json.slice(
        text.append(",\"value\":").append(value(operation).text()).append('}').toString());
  }

  static Json page(EventPage page) {
    StringBuilder text = new StringBuilder("{\"events\":[");
    String separator = "";
    for (Event event : page.events()) {
      text.append(separator).append(event.json().text());
      separator = ",";
    }
    text.append("],\"next_cursor\":");
    if (page.nextCursor() == null) {
      text.append("null");
    } else {
      quote(page.nextCursor(), text);
    }
    return Json.slice(text.append('}').toString());
  }

  private static Json value(PatchOperation operation) {
    if (operation instanceof PatchOperation.Add add) {
      return add.value();
    } else if (operation instanceof PatchOperation.Replace replace) {
      return replace.value();
    } else if (operation instanceof PatchOperation.Append append) {
      return append.value();
    }
    return operation instanceof PatchOperation.Remove remove ? remove.value() : Json.NULL;
  }

  static String quoted(String value) {
    StringBuilder text = new StringBuilder(value.length() + 2);
    quote(value, text);
    return text.toString();
  }

  private static void quote(String value, StringBuilder text) {
    StringBuilder escaped = new StringBuilder(value.length() + 2);
    JsonStringEncoder.getInstance().quoteAsString(value, escaped);
    text.append('"').append(escapeLoneSurrogates(escaped.toString())).append('"');
  }

  /// Escapes lone surrogates, which UTF-8 cannot encode, in a JSON text.
  static String escapeLoneSurrogates(String json) {
    int at = loneSurrogate(json, 0);
    if (at < 0) {
      return json;
    }
    StringBuilder escaped = new StringBuilder(json.length() + 16);
    int from = 0;
    for (; at >= 0; at = loneSurrogate(json, from)) {
      escaped.append(json, from, at).append("\\u").append(Integer.toHexString(json.charAt(at)));
      from = at + 1;
    }
    return escaped.append(json, from, json.length()).toString();
  }

  private static int loneSurrogate(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
