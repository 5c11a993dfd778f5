package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import io.galerne.server.ingest.CheckedEvent.Text;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks one event against the public schemas in one pass over its tokens. Skips unknown members,
/// and marks missing nullable ones for insertion.
final class EventChecker {
  private static final String EVENT_TYPES =
      Stream.of(EventType.values())
          .map(type -> "'" + type.wireName() + "'")
          .collect(Collectors.joining(", "));

  private final JsonCursor in;
  private final CheckedEvent event = new CheckedEvent();

  private EventChecker(JsonCursor in) {
    this.in = in;
  }

  /// Checks the event at the cursor and leaves the cursor at its end. If the event has faults, they
  /// are recorded and the result is unusable.
  static CheckedEvent check(JsonCursor in) {
    return new EventChecker(in).event();
  }

  private CheckedEvent event() {
    event.from = in.start();
    if (isObject(in)) {
      members(in, EventShape.EVENT);
      event.to = in.end();
      deferredAttributes();
    }
    return event;
  }

  /// Checks attributes that came before the type, which they depend on.
  private void deferredAttributes() {
    if (event.type == null || event.attributesFrom < 0) {
      return;
    }
    JsonCursor second = in.again(event.attributesFrom, event.attributesTo);
    in.enter("attributes");
    attributes(second);
    in.leave();
  }

  private void members(JsonCursor at, EventShape shape) {
    int from = at.start();
    long seen = 0;
    while (at.nextMember()) {
      int position = shape.position(at.name());
      if (position < 0) {
        at.skip();
        continue;
      }
      Member member = shape.members().get(position);
      at.enter(member.name());
      if (!isRepeated(at, (seen & 1L << position) != 0)) {
        seen |= 1L << position;
        value(at, member);
      }
      at.leave();
    }
    missing(at, shape, seen, from);
  }

  private void missing(JsonCursor at, EventShape shape, long seen, int from) {
    StringBuilder nulls = new StringBuilder();
    List<Member> members = shape.members();
    for (int i = 0; i < members.size(); i++) {
      if ((seen & 1L << i) != 0) {
        continue;
      }
      Member member = members.get(i);
      if (member.required()) {
        at.missing(member.name(), from, at.end());
      } else if (member.nullable()) {
        nulls.append(",\"").append(member.name()).append("\":null");
      }
    }
    if (!nulls.isEmpty()) {
      event.insert(at.end() - 1, nulls.toString());
    }
  }

  private void value(JsonCursor at, Member member) {
    if (member.nullable() && at.is(JsonToken.NULL)) {
      return;
    }
    switch (member.kind()) {
      case STRING, IDENTIFIER -> string(at, member);
      case INTEGER -> integer(at, member);
      case EVENT_TYPE -> eventType(at);
      case ATTRIBUTES -> {
        if (event.type == null) {
          event.attributesFrom = at.start();
          event.attributesTo = at.skip();
        } else {
          attributes(at);
        }
      }
      case FAILURE -> {
        if (isObject(at)) {
          members(at, EventShape.FAILURE_DETAILS);
        }
      }
      case JSON_PAYLOAD -> PayloadChecker.check(at, false, event);
      case ANY_PAYLOAD -> PayloadChecker.check(at, true, event);
    }
  }

  private void attributes(JsonCursor at) {
    EventType type = event.type;
    if (type != null && isObject(at)) {
      members(at, EventShape.attributesOf(type));
    }
  }

  private void string(JsonCursor at, Member member) {
    if (!isString(at)) {
      return;
    }
    boolean isEmpty = at.end() - at.start() == 2;
    if (isEmpty && member.kind() == Member.Kind.IDENTIFIER) {
      at.fault("string_too_short", "String should have at least 1 character", "{\"min_length\":1}");
      return;
    }
    if (member.field() != null) {
      event.texts.put(member.field(), text(at));
    }
  }

  /// The string at the cursor.
  static Text text(JsonCursor at) {
    byte[] decoded = at.isEscaped() ? at.string().getBytes(UTF_8) : null;
    return new Text(at.start() + 1, at.end() - 1, decoded);
  }

  private void integer(JsonCursor at, Member member) {
    if (!at.isLong()) {
      at.fault("int_type", "Input should be a valid integer of at most 64 bits");
    } else if (member.name().equals("event_timestamp")) {
      event.hasTimestamp = true;
      event.timestamp = at.longValue();
    }
  }

  private void eventType(JsonCursor at) {
    if (!isString(at)) {
      return;
    }
    EventType.ofWireName(at.string())
        .ifPresentOrElse(
            type -> event.type = type,
            () ->
                at.fault(
                    "enum",
                    "Input should be one of " + EVENT_TYPES,
                    PayloadChecker.expectedContext(EVENT_TYPES)));
  }

  /// Whether the member at the cursor was `seen` before in its object. Records a fault if so,
  /// because parsers differ in which of the two they use.
  static boolean isRepeated(JsonCursor at, boolean seen) {
    if (seen) {
      at.fault("duplicate_member", "Duplicate member; send it once");
    }
    return seen;
  }

  static boolean isObject(JsonCursor at) {
    return is(at, JsonToken.OBJECT_START, "model_attributes_type", "a valid JSON object");
  }

  static boolean isArray(JsonCursor at) {
    return is(at, JsonToken.ARRAY_START, "list_type", "a valid list");
  }

  static boolean isString(JsonCursor at) {
    return is(at, JsonToken.STRING, "string_type", "a valid string");
  }

  private static boolean is(JsonCursor at, JsonToken token, String fault, String what) {
    boolean is = at.is(token);
    if (!is) {
      at.fault(fault, "Input should be " + what);
    }
    return is;
  }
}
