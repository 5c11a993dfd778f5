package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.fault.TooLargeException;
import io.galerne.server.ingest.Published.Form;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
  private static final PublishBody READER =
      new PublishBody(new Limits(1000, 100_000, 5), Clock.systemUTC());

  private static String eventOf(int bytes) {
    String event = SampleEvent.any().with("padding", "\"\"").event();
    String padding = "é".repeat((bytes - event.length()) / 2);
    String rest = "x".repeat((bytes - event.length()) % 2);
    return event.replace("\"padding\":\"\"", "\"padding\":\"" + padding + rest + "\"");
  }

  private static byte[] utf8(String body) {
    return body.getBytes(UTF_8);
  }

  @Test
  void acceptsAnEventAtTheLimit() {
    byte[] single = utf8("{\"metadata\":{},   \"event\":  " + eventOf(1000) + "  }");
    assertThat(READER.single(single, "acme")).isNotNull();
    byte[] batch = utf8("{\"events\":[" + eventOf(1000) + ",{\"event\":" + eventOf(1000) + "}]}");
    assertThat(READER.batch(batch, "acme")).hasSize(2);
    byte[] stream = utf8("{\"event\":{\"data\":" + eventOf(1000) + "}}");
    assertThat(READER.streamEvent(stream, "acme")).isNotNull();
  }

  @Test
  void refusesAnEventOneByteOverTheLimit() {
    for (Runnable call :
        List.<Runnable>of(
            () -> READER.single(utf8("{\"event\":" + eventOf(1001) + "}"), "acme"),
            () -> READER.batch(utf8("{\"events\":[" + eventOf(1001) + "]}"), "acme"),
            () -> READER.batch(utf8("{\"events\":[{\"event\":" + eventOf(1001) + "}]}"), "acme"),
            () -> READER.streamEvent(utf8("{\"event\":{\"data\":" + eventOf(1001) + "}}"), "a"))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(TooLargeException.class)
          .hasMessageContaining("1001 bytes")
          .hasMessageContaining("limit of 1000");
    }
  }

  /// Workers count bytes before escaping.
  @ParameterizedTest
  @CsvSource({
    "\\u00e9, 2",
    "\\u00E9, 2",
    "\\u0001, 1",
    "\\u4e2d, 3",
    "\\ud83c\\udf2c, 4",
    "\\n, 1",
    "\\\", 1",
    "\\\\, 1",
    "\\/, 1",
    "\\\\u00e9, 6",
    "\\ud83c, 3"
  })
  void countsTheBytesOfAnEventAfterUnescaping(String escaped, int bytes) {
    String bare = eventOf(500);
    String full = bare.replace("\"event_id\":\"", "\"event_id\":\"" + escaped.repeat(500 / bytes));
    String rest = full.replace("\"event_id\":\"", "\"event_id\":\"" + "x".repeat(500 % bytes));
    assertThat(READER.single(utf8("{\"event\":" + rest + "}"), "acme")).isNotNull();
    String more = rest.replace("\"event_id\":\"", "\"event_id\":\"x");
    assertThatThrownBy(() -> READER.single(utf8("{\"event\":" + more + "}"), "acme"))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("1001 bytes");
  }

  @Test
  void refusesAStreamEventTooLargeForAFrame() {
    int most = EventRecord.MOST_BODY_BYTES;
    String event = SampleEvent.any().event();
    int around = Published.single("{\"event\":" + event + "}").bodyLength();
    for (String member : List.of("x", "workflow_exec_id")) {
      int copies = member.equals("x") ? 1 : 2;
      String id = "e".repeat((most - around) / copies - 100);
      SampleEvent large = SampleEvent.any().with(member, "\"" + id + "\"");
      assertThat(Published.single(large.body()).bodyLength()).isLessThanOrEqualTo(most);
      SampleEvent tooLarge = SampleEvent.any().with(member, "\"" + id + "e".repeat(200) + "\"");
      assertThatThrownBy(() -> Published.single(tooLarge.body()))
          .isInstanceOf(TooLargeException.class)
          .hasMessageContaining("limit of " + most);
    }
    String metadata = "{\"m\":\"" + "m".repeat(most) + "\"}";
    assertThatThrownBy(() -> Published.single(SampleEvent.any().metadata(metadata).body()))
        .isInstanceOf(TooLargeException.class);
  }

  @Test
  void limitsTheEventsInABatch() {
    assertThat(READER.batch(utf8(batchOf(5)), "acme")).hasSize(5);
    assertThatThrownBy(() -> READER.batch(utf8(batchOf(6)), "acme"))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("more than 5 events");
  }

  private static String batchOf(int events) {
    return Collections.nCopies(events, SampleEvent.any().event()).stream()
        .collect(Collectors.joining(",", "{\"events\":[", "]}"));
  }

  @Test
  void limitsTheMembersOfMetadata() {
    Published.single(SampleEvent.any().metadata(members(64)).body());
    for (Form form : List.of(Form.SINGLE, Form.BATCH, Form.STREAM_EVENT)) {
      String event = SampleEvent.any().event();
      String metadata = ",\"metadata\":" + members(65) + "}";
      String body =
          switch (form) {
            case SINGLE -> "{\"event\":" + event + metadata;
            case STREAM_EVENT -> "{\"event\":{\"data\":" + event + metadata + "}";
            default -> "{\"events\":[{\"event\":" + event + metadata + "]}";
          };
      assertThat(Published.faults(form, body))
          .singleElement()
          .satisfies(fault -> {
            assertThat(fault.type()).isEqualTo("too_long");
            assertThat(fault.loc()).endsWith("metadata");
            assertThat(fault.msg()).contains("64").contains("65");
            assertThat(Published.JSON.readTree(fault.ctx()).path("max_length").intValue())
                .isEqualTo(64);
          });
    }
  }

  private static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"m" + i + "\":{\"a\":" + i + "}")
        .collect(Collectors.joining(",", "{", "}"));
  }

  @Test
  void limitsTheReportedFaults() {
    String body =
        Collections.nCopies(5000, "{}").stream()
            .collect(Collectors.joining(",", "{\"events\":[", "]}"));
    assertThat(Published.faults(Form.BATCH, body)).hasSize(JsonCursor.MOST_FAULTS);
  }

  @Test
  void truncatesALongInputAndKeepsItJson() {
    for (String text :
        List.of("x".repeat(10_000), "é".repeat(10_000), "\uD83C\uDF2C\\\"".repeat(3000))) {
      String event = SampleEvent.any().with("attributes", "\"" + text + "\"").event();
      assertThat(Form.SINGLE.faultsOf(event))
          .singleElement()
          .satisfies(fault -> {
            assertThat(fault.input().length()).isLessThan(1000);
            assertThat(Published.JSON.readTree(fault.input()).stringValue())
                .endsWith("…")
                .doesNotContain("\uFFFD");
          });
    }
  }
}
