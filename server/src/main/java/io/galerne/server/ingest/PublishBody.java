package io.galerne.server.ingest;

import io.galerne.server.fault.TooLargeException;
import io.galerne.server.log.EventRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses the bodies of the three publish operations (contract, section 3) into checked events.
/// Thread-safe.
public final class PublishBody {
  /// Limit of metadata members per event, because each is indexed.
  static final int MOST_METADATA_MEMBERS = 64;

  /// Greatest depth of an event and of its metadata. The official Python client reads at most 200
  /// levels, and pages, frames and traces add some.
  static final int MOST_DEPTH = 150;

  private static final Set<String> ENVELOPE_MEMBERS = Set.of("event", "stream", "metadata");

  private final Limits limits;
  private final Clock clock;

  /// @param clock gives a timestamp to events that have none
  public PublishBody(Limits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /// Reads `{"event": <event>, "stream"?, "metadata"?}`.
  ///
  /// @throws InvalidRequestException with every fault
  /// @throws TooLargeException if the event is over the limit
  public EventRecord single(byte[] body, String namespace) {
    return read(
            body,
            namespace,
            (in, found) -> {
              Envelope envelope = new Envelope();
              envelope(in, envelope);
              found.add(envelope);
            })
        .getFirst();
  }

  /// Reads `{"events": [<event> or {"event": <event>, "stream"?, "metadata"?}…]}`.
  ///
  /// @throws InvalidRequestException with every fault
  /// @throws TooLargeException if an event, or their number, is over the limit
  public List<EventRecord> batch(byte[] body, String namespace) {
    return read(body, namespace, this::batch);
  }

  /// Reads `{"event": {"data": <event>, "stream"?, "timestamp_unix_nano"?, "activity_context"?,
  /// "metadata"?, …}}`, which early workers send.
  ///
  /// @throws InvalidRequestException with every fault
  /// @throws TooLargeException if the event is over the limit
  public EventRecord streamEvent(byte[] body, String namespace) {
    return read(body, namespace, this::streamEvent).getFirst();
  }

  @FunctionalInterface
  private interface Form {
    void read(JsonCursor in, List<Envelope> found);
  }

  private List<EventRecord> read(byte[] body, String namespace, Form form) {
    List<Envelope> found = new ArrayList<>();
    JsonBody.read(body, in -> form.read(in, found));
    List<EventRecord> records = new ArrayList<>(found.size());
    for (Envelope envelope : found) {
      records.add(RecordAssembler.assemble(body, envelope, namespace, clock));
    }
    return records;
  }

  private void batch(JsonCursor in, List<Envelope> found) {
    int from = in.start();
    boolean hasEvents = false;
    while (in.nextMember()) {
      if (!in.name().equals("events")) {
        in.skip();
        continue;
      }
      in.enter("events");
      boolean repeated = EventChecker.isRepeated(in, hasEvents);
      hasEvents = true;
      if (!repeated && EventChecker.isArray(in)) {
        for (int i = 0; in.nextElement(); i++) {
          if (i == limits.batchEvents()) {
            throw new TooLargeException(
                "The body has more than " + i + " events; send them in several requests");
          }
          in.enter(i);
          if (EventChecker.isObject(in)) {
            found.add(item(in));
          }
          in.leave();
        }
      }
      in.leave();
    }
    if (!hasEvents) {
      in.missing("events", from, in.end());
    }
  }

  /// Reads a bare event or an envelope. An item is an envelope if it has a member `event` and does
  /// not look like an event: it neither begins with a member of one nor, unless `event` comes
  /// first, has an `event_type`.
  private Envelope item(JsonCursor in) {
    Envelope envelope = new Envelope();
    if (isEnvelope(in)) {
      envelope(in, envelope);
    } else {
      envelope.event = event(in);
    }
    return envelope;
  }

  private static boolean isEnvelope(JsonCursor in) {
    JsonCursor ahead = in.again();
    boolean isFirst = true;
    boolean hasEvent = false;
    while (ahead.nextMember()) {
      String name = ahead.name();
      if (isFirst && EventShape.EVENT.position(name) >= 0) {
        return false;
      }
      if (isFirst && name.equals("event")) {
        return true;
      }
      if (name.equals("event_type")) {
        return false;
      }
      isFirst = false;
      hasEvent |= name.equals("event");
      ahead.skip();
    }
    return hasEvent;
  }

  private void envelope(JsonCursor in, Envelope envelope) {
    int from = in.start();
    Set<String> seen = new HashSet<>();
    while (in.nextMember()) {
      String name = in.name();
      if (!ENVELOPE_MEMBERS.contains(name)) {
        in.skip();
        continue;
      }
      in.enter(name);
      if (!EventChecker.isRepeated(in, !seen.add(name))) {
        switch (name) {
          case "event" -> envelope.event = event(in);
          case "stream" -> envelope.stream = text(in);
          default -> metadata(in, envelope);
        }
      }
      in.leave();
    }
    if (envelope.event == null) {
      in.missing("event", from, in.end());
    }
  }

  private void streamEvent(JsonCursor in, List<Envelope> found) {
    int from = in.start();
    while (in.nextMember()) {
      in.enter(in.name());
      if (!in.name().equals("event")) {
        in.skip();
      } else if (!EventChecker.isRepeated(in, !found.isEmpty()) && EventChecker.isObject(in)) {
        Envelope envelope = new Envelope();
        streamEnvelope(in, envelope);
        found.add(envelope);
      }
      in.leave();
    }
    if (found.isEmpty() && !in.hasFaults()) {
      in.missing("event", from, in.end());
    }
  }

  private void streamEnvelope(JsonCursor in, Envelope envelope) {
    int from = in.start();
    Set<String> seen = new HashSet<>();
    while (in.nextMember()) {
      String name = in.name();
      in.enter(name);
      if (EventChecker.isRepeated(in, !seen.add(name))) {
        in.leave();
        continue;
      }
      switch (name) {
        case "data" -> envelope.event = event(in);
        case "stream" -> envelope.stream = text(in);
        case "metadata" -> metadata(in, envelope);
        case "timestamp_unix_nano" -> timestamp(in, envelope);
        case "activity_context" -> activityContext(in, envelope);
        default -> in.skip();
      }
      in.leave();
    }
    if (envelope.event == null) {
      in.missing("data", from, in.end());
    }
  }

  private CheckedEvent event(JsonCursor in) {
    JsonCursor.Account account = in.account();
    CheckedEvent event = EventChecker.check(in);
    if (event.to > event.from) {
      event.hasLineBreaks = account.hasLineBreaks();
      requireReadable(in, account, event.from);
      if (account.bytes() > limits.eventBytes()) {
        throw new TooLargeException(
            "An event of "
                + account.bytes()
                + " bytes is over the limit of "
                + limits.eventBytes()
                + "; keep large payloads elsewhere and publish a reference");
      }
    }
    return event;
  }

  /// Records a fault if some reader could not parse the value just read (contract, section 1).
  private static void requireReadable(JsonCursor in, JsonCursor.Account account, int from) {
    if (account.depth() > MOST_DEPTH) {
      in.faultAt(
          "too_deep",
          "Input should be nested at most " + MOST_DEPTH + " levels deep, not " + account.depth(),
          "{\"max_depth\":" + MOST_DEPTH + "}",
          from,
          in.end());
    } else if (account.largeExponentAt() >= 0) {
      in.numberFault(
          "finite_number",
          "Input should be a number with an exponent of at most "
              + JsonScanner.EXPONENT_DIGITS
              + " digits",
          "{\"max_exponent_digits\":" + JsonScanner.EXPONENT_DIGITS + "}",
          account.largeExponentAt(),
          from,
          in.end());
    }
  }

  private static CheckedEvent.@Nullable Text text(JsonCursor in) {
    if (in.is(JsonToken.NULL) || !EventChecker.isString(in)) {
      return null;
    }
    return EventChecker.text(in);
  }

  private static void timestamp(JsonCursor in, Envelope envelope) {
    if (in.isLong()) {
      envelope.hasTimestamp = true;
      envelope.timestamp = in.longValue();
    } else if (!in.is(JsonToken.NULL)) {
      in.fault("int_type", "Input should be a valid integer of at most 64 bits");
    }
  }

  private static void activityContext(JsonCursor in, Envelope envelope) {
    if (in.is(JsonToken.NULL) || !EventChecker.isObject(in)) {
      return;
    }
    while (in.nextMember()) {
      in.enter(in.name());
      switch (in.name()) {
        case "activity_name" -> envelope.activityName = text(in);
        case "activity_exec_id" -> envelope.activityId = text(in);
        default -> in.skip();
      }
      in.leave();
    }
  }

  private static void metadata(JsonCursor in, Envelope envelope) {
    if (in.is(JsonToken.NULL) || !EventChecker.isObject(in)) {
      return;
    }
    int from = in.start();
    JsonCursor.Account account = in.account();
    int members = 0;
    while (in.nextMember()) {
      in.skip();
      members++;
    }
    if (members > MOST_METADATA_MEMBERS) {
      in.faultAt(
          "too_long",
          "Metadata should have at most " + MOST_METADATA_MEMBERS + " members, not " + members,
          "{\"max_length\":" + MOST_METADATA_MEMBERS + "}",
          from,
          in.end());
      return;
    }
    requireReadable(in, account, from);
    if (members > 0) {
      envelope.metadataFrom = from;
      envelope.metadataTo = in.end();
      envelope.metadataHasLineBreaks = account.hasLineBreaks();
    }
  }
}
