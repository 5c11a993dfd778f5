package io.galerne.client.payload;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPatchPayload;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.UnknownPayload;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The payloads in an event's JSON, including unknown events: every attribute that has the form of
/// a payload.
final class EventPayloads {
  /// The payload attributes of the known event types, which may omit their payload type.
  private static final Set<String> ATTRIBUTES = Set.of("input", "result", "payload");

  /// Returns the replacement of a payload; the same instance to keep it.
  @FunctionalInterface
  interface Change {
    Payload apply(String attribute, Payload payload);
  }

  private EventPayloads() {}

  /// Replaces an event's payloads and keeps everything else byte for byte; returns the same event
  /// if no payload changed.
  static Event replace(Event event, Change change) {
    String changed = replace(event.json(), change, EventPayloads::event);
    return changed == null ? event : EventReader.event(changed);
  }

  /// As [#replace(Event, Change)], for the event of a stream event.
  static StreamEvent replace(StreamEvent event, Change change) {
    String changed =
        replace(event.json(), change, (in, each) -> member(in, "data", each, EventPayloads::event));
    return changed == null ? event : EventReader.streamEvent(changed);
  }

  private interface Walk {
    void over(JsonSplice in, Change change);
  }

  private static @Nullable String replace(Json json, Change change, Walk walk) {
    try (JsonSplice in = new JsonSplice(json.text())) {
      walk.over(in, change);
      return in.isChanged() ? in.result() : null;
    }
  }

  private static void member(JsonSplice in, String wanted, Change change, Walk walk) {
    if (!in.atObject()) {
      in.skip();
      return;
    }
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (name.equals(wanted)) {
        walk.over(in, change);
      } else {
        in.skip();
      }
    }
  }

  private static void event(JsonSplice in, Change change) {
    member(in, "attributes", change, EventPayloads::attributes);
  }

  private static void attributes(JsonSplice in, Change change) {
    if (!in.atObject()) {
      in.skip();
      return;
    }
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (in.atObject()) {
        payload(in, name, change);
      } else {
        in.skip();
      }
    }
  }

  private static void payload(JsonSplice in, String attribute, Change change) {
    int start = in.from();
    String type = ATTRIBUTES.contains(attribute) ? "json" : null;
    int valueFrom = -1;
    int valueTo = -1;
    int optionsFrom = -1;
    int optionsTo = -1;
    List<String> options = List.of();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "type" -> type = in.string();
        case "value" -> {
          valueFrom = in.from();
          in.skip();
          valueTo = in.to();
        }
        case "encoding_options" -> {
          optionsFrom = in.from();
          options = in.atNull() ? List.of() : in.strings();
          optionsTo = in.to();
        }
        default -> in.skip();
      }
    }
    int end = in.from();
    if (type == null || valueFrom < 0 || options == null) {
      return; // not a payload, or an invalid one
    }
    Payload payload =
        payload(type, attribute, in.slice(valueFrom, valueTo), options, in.slice(start, in.to()));
    if (payload == null) {
      return;
    }
    Payload changed = change.apply(attribute, payload);
    if (!changed.equals(payload)) {
      in.replace(valueFrom, valueTo, value(changed).text());
      String changedOptions = Json.ofValue(changed.encodingOptions()).text();
      if (optionsFrom >= 0) {
        in.replace(optionsFrom, optionsTo, changedOptions);
      } else {
        in.replace(end, end, ",\"encoding_options\":" + changedOptions);
      }
    }
  }

  private static @Nullable Payload payload(
      String type, String attribute, String value, List<String> options, String whole) {
    return switch (type) {
      case "json" -> new JsonPayload(Json.of(value), options);
      case "json_patch" -> new JsonPatchPayload(Json.of(value), options);
      default -> ATTRIBUTES.contains(attribute) ? new UnknownPayload(type, Json.of(whole)) : null;
    };
  }

  /// The value of a payload; of an unknown type, the whole payload.
  static Json value(Payload payload) {
    if (payload instanceof JsonPayload json) {
      return json.value();
    } else if (payload instanceof JsonPatchPayload patch) {
      return patch.value();
    } else if (payload instanceof UnknownPayload unknown) {
      return unknown.json();
    }
    throw new AssertionError(payload);
  }

  /// A payload of the same type with another value.
  static Payload with(Payload payload, Json value, List<String> options) {
    return payload instanceof JsonPatchPayload
        ? new JsonPatchPayload(value, options)
        : new JsonPayload(value, options);
  }

  static boolean isArray(Json value) {
    return value.text().charAt(0) == '[';
  }
}
