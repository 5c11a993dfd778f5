package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.galerne.server.fault.Fault;
import io.galerne.server.fault.InvalidRequestException;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.SampleEvent;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Parses bodies as the server does, and returns the events or faults.
final class Published {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  static final String NAMESPACE = "acme";

  static final PublishBody READER =
      new PublishBody(SampleEvent.WIDE, Clock.fixed(SampleEvent.NOW, ZoneOffset.UTC));

  private Published() {}

  /// The forms of a publish body.
  enum Form {
    SINGLE("{\"event\":%s}", "event"),
    BATCH("{\"events\":[%s]}", "events", 0),
    SECOND_OF_BATCH("{\"events\":[" + SampleEvent.any().event() + ",%s]}", "events", 1),
    ENVELOPE_IN_BATCH(
        "{\"events\":[" + SampleEvent.any().event() + ",{\"event\":%s}]}", "events", 1, "event"),
    STREAM_EVENT("{\"event\":{\"data\":%s}}", "event", "data");

    private final String body;
    private final List<Object> path;

    Form(String body, Object... path) {
      this.body = body;
      this.path = List.of(path);
    }

    byte[] around(String event) {
      return body.formatted(event).getBytes(UTF_8);
    }

    /// The path of a member of the event.
    List<Object> loc(Object... inEvent) {
      List<Object> loc = new ArrayList<>(List.of("body"));
      loc.addAll(path);
      loc.addAll(Arrays.asList(inEvent));
      return loc;
    }

    List<EventRecord> read(byte[] body) {
      return switch (this) {
        case SINGLE -> List.of(READER.single(body, NAMESPACE));
        case STREAM_EVENT -> List.of(READER.streamEvent(body, NAMESPACE));
        case BATCH, SECOND_OF_BATCH, ENVELOPE_IN_BATCH -> READER.batch(body, NAMESPACE);
      };
    }

    EventRecord readEvent(String event) {
      return read(around(event)).getLast();
    }

    List<Fault> faultsOf(String event) {
      return faults(this, around(event));
    }
  }

  static EventRecord single(String body) {
    return READER.single(body.getBytes(UTF_8), NAMESPACE);
  }

  static List<EventRecord> batch(String body) {
    return READER.batch(body.getBytes(UTF_8), NAMESPACE);
  }

  static EventRecord streamEvent(String body) {
    return READER.streamEvent(body.getBytes(UTF_8), NAMESPACE);
  }

  static List<Fault> faults(Form form, byte[] body) {
    InvalidRequestException refusal =
        catchThrowableOfType(InvalidRequestException.class, () -> form.read(body));
    assertThat(refusal).as(() -> new String(body, UTF_8)).isNotNull();
    return refusal.faults();
  }

  static List<Fault> faults(Form form, String body) {
    return faults(form, body.getBytes(UTF_8));
  }

  /// Whether the text is JSON, with numbers of any size.
  static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  /// The rendered event.
  static String data(EventRecord record) {
    return String.valueOf(record.text(Field.DATA));
  }

  /// The rendered stream event up to its sequence.
  static String body(EventRecord record) {
    return new String(record.bytes(), record.bodyOffset(), record.bodyLength(), UTF_8);
  }

  /// The stream event as a reader parses it, with sequence 7.
  static JsonNode tree(EventRecord record) {
    return JSON.readTree(body(record) + "7}");
  }
}
