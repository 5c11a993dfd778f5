package io.galerne.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Parses events from JSON in one pass (contract, sections 1, 2 and 5). Unknown input never fails:
/// an event of an unknown type, or without a required attribute, becomes an [UnknownEvent]; unknown
/// members stay in the JSON. Jackson's limits bound depth and size.
///
/// ```java
/// Event event = EventReader.event("{\"event_type\": \"SOMETHING_NEW\", \"attributes\": {}}");
/// if (event instanceof UnknownEvent unknown) {
///   System.out.println(unknown.eventType() + ": " + unknown.json());
/// }
/// ```
public final class EventReader {
  private EventReader() {}

  /// Parses a stream event, the data of an SSE message.
  ///
  /// @throws MalformedEventException if the text is not JSON, or has no `broker_sequence` that is
  ///     an integer of at least 0
  public static StreamEvent streamEvent(String json) {
    return read(json, EventReader::streamEvent);
  }

  /// Parses a bare event.
  ///
  /// @throws MalformedEventException if the text is not JSON
  public static Event event(String json) {
    return read(json, DataReader::read);
  }

  /// Parses a page of a list: `{"events": […], "next_cursor": …}`.
  ///
  /// @throws MalformedEventException if the text is not JSON, or has no `events` array
  public static EventPage page(String json) {
    return read(json, EventReader::page);
  }

  /// Parses a payload.
  ///
  /// @throws MalformedEventException if the text is not JSON, or not a payload
  public static Payload payload(String json) {
    return known("a payload", json, read(json, AttributeReader::readPayload));
  }

  /// Parses a failure.
  ///
  /// @throws MalformedEventException if the text is not JSON, or has no message
  public static Failure failure(String json) {
    return known("a failure", json, read(json, AttributeReader::readFailure));
  }

  /// Parses one operation of a JSON Patch.
  ///
  /// @throws MalformedEventException if the text is not JSON
  public static PatchOperation patchOperation(String json) {
    return read(json, PatchReader::operation);
  }

  private static <T> T known(String what, String json, @Nullable T value) {
    if (value == null) {
      throw new MalformedEventException("This is not " + what + ": " + start(json), null);
    }
    return value;
  }

  static Json value(String json) {
    return read(json, TokenCursor::value);
  }

  /// The elements of an array; empty for any other value.
  static List<Json> elements(TokenCursor in) {
    if (!in.atArray()) {
      in.skip();
      return List.of();
    }
    List<Json> elements = new ArrayList<>();
    while (in.nextElement()) {
      elements.add(in.value());
    }
    return elements;
  }

  /// The nesting depth of a value; 0 for a string or number.
  static int depth(Json value) {
    char first = value.text().charAt(0);
    return first == '{' || first == '[' ? read(value.text(), TokenCursor::depth) : 0;
  }

  static <T extends @Nullable Object> T read(String json, Function<TokenCursor, T> reader) {
    try (TokenCursor in = new TokenCursor(json)) {
      in.start();
      T value = reader.apply(in);
      in.end();
      return value;
    } catch (JacksonException e) {
      throw TokenCursor.malformed(json, e);
    }
  }

  private static StreamEvent streamEvent(TokenCursor in) {
    String stream = null;
    String timestamp = null;
    Event data = null;
    WorkflowContext context = null;
    Map<String, Json> metadata = Map.of();
    Long sequence = null;
    if (!in.atObject()) {
      throw new MalformedEventException("A stream event is an object, not " + in.value(), null);
    }
    int from = in.from();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "stream" -> stream = in.string();
        case "timestamp" -> timestamp = in.string();
        case "data" -> data = DataReader.read(in);
        case "workflow_context" -> context = context(in);
        case "metadata" -> metadata = members(in);
        case "broker_sequence" -> sequence = in.integer();
        default -> in.skip();
      }
    }
    Json json = in.slice(from);
    if (sequence == null || sequence < 0) {
      throw new MalformedEventException(
          "A stream event needs a broker_sequence, an integer of at least 0: " + start(json.text()),
          null);
    }
    return new StreamEvent(
        stream == null ? "" : stream,
        timestamp,
        data == null ? event("null") : data,
        context == null ? new WorkflowContext("", "", "", null, null) : context,
        metadata,
        sequence,
        json);
  }

  private static WorkflowContext context(TokenCursor in) {
    String namespace = null;
    String workflowName = null;
    String workflowExecId = null;
    String parent = null;
    String root = null;
    if (in.atObject()) {
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        switch (name) {
          case "namespace" -> namespace = in.string();
          case "workflow_name" -> workflowName = in.string();
          case "workflow_exec_id" -> workflowExecId = in.string();
          case "parent_workflow_exec_id" -> parent = in.string();
          case "root_workflow_exec_id" -> root = in.string();
          default -> in.skip();
        }
      }
    } else {
      in.skip();
    }
    return new WorkflowContext(
        orEmpty(namespace), orEmpty(workflowName), orEmpty(workflowExecId), parent, root);
  }

  /// The members of an object, in their order; the last of several with the same name. Empty for
  /// any other value.
  static Map<String, Json> members(TokenCursor in) {
    if (!in.atObject()) {
      in.skip();
      return Map.of();
    }
    Map<String, Json> members = Map.of();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (members.isEmpty()) {
        members = new LinkedHashMap<>();
      }
      members.put(name, in.value());
    }
    return members;
  }

  private static EventPage page(TokenCursor in) {
    List<Event> events = null;
    String nextCursor = null;
    if (in.atObject()) {
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        switch (name) {
          case "events" -> events = events(in);
          case "next_cursor" -> nextCursor = in.string();
          default -> in.skip();
        }
      }
    } else {
      in.skip();
    }
    if (events == null) {
      throw new MalformedEventException("A page of events needs an array of events", null);
    }
    return new EventPage(events, nextCursor);
  }

  private static @Nullable List<Event> events(TokenCursor in) {
    if (!in.atArray()) {
      in.skip();
      return null;
    }
    List<Event> events = new ArrayList<>();
    while (in.nextElement()) {
      events.add(DataReader.read(in));
    }
    return events;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String start(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
