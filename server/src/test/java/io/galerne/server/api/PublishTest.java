package io.galerne.server.api;

import static io.galerne.server.RunningServer.BATCH;
import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Publishing (contract, section 3).
@Timeout(60)
@ExtendWith(QuietServer.class)
class PublishTest {
  private static final int MOST_EVENT_BYTES = 2048;
  private static final int MOST_BODY_BYTES = 8192;
  private static final int MOST_EVENTS = 5;

  @TempDir Path folder;

  private RunningServer server;

  @BeforeEach
  void start() {
    server =
        RunningServer.start(
            folder,
            RunningServer.config()
                .maxEventBytes(MOST_EVENT_BYTES)
                .maxBodyBytes(MOST_BODY_BYTES)
                .maxBatchEvents(MOST_EVENTS));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String event(String id) {
    return SampleEvents.event(id, "run-1");
  }

  /// An event of exactly this many bytes.
  private static String eventOf(int bytes, String id) {
    return SampleEvents.large(id, "r", bytes - SampleEvents.large(id, "r", 0).length());
  }

  private static void assertAnswer(HttpResponse<String> answer, int status, String body) {
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  private String stored() {
    return server.get(LIST).body();
  }

  @Test
  void theThreeFormsHaveTheseAnswers() {
    assertAnswer(
        server.post(SINGLE, SampleEvents.single(event("one"))),
        200,
        "{\"status\":\"success\",\"message\":null}");
    assertAnswer(
        server.post(BATCH, SampleEvents.batch(List.of(event("two"), event("three")))),
        200,
        "{\"status\":\"success\",\"message\":null,\"events_received\":2}");
    assertAnswer(
        server.post(STREAM_EVENT, SampleEvents.streamEvent(event("four"))),
        200,
        "{\"broker_sequence\":4}");
    assertAnswer(
        server.post(BATCH, SampleEvents.batch(List.of())),
        200,
        "{\"status\":\"success\",\"message\":null,\"events_received\":0}");
  }

  @Test
  void answeredEventsAreReadableAtOnceAndAfterARestart() {
    for (int i = 0; i < 20; i++) {
      server.publish(event("e" + i));
      assertThat(stored()).contains("\"event_id\":\"e" + i + "\"");
    }
    String before = stored();
    server.close();
    start();
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void aRepeatGetsTheSameAnswerAndIsStoredOnce() {
    String one = SampleEvents.streamEvent(event("one"));
    for (int i = 0; i < 3; i++) {
      assertAnswer(server.post(STREAM_EVENT, one), 200, "{\"broker_sequence\":1}");
      assertThat(server.post(SINGLE, SampleEvents.single(event("one"))).statusCode())
          .isEqualTo(200);
      assertAnswer(
          server.post(BATCH, SampleEvents.batch(List.of(event("one"), event("two"), event("two")))),
          200,
          "{\"status\":\"success\",\"message\":null,\"events_received\":3}");
      assertAnswer(
          server.post(STREAM_EVENT, SampleEvents.streamEvent(event("two"))),
          200,
          "{\"broker_sequence\":2}");
      server.close();
      start(); // ids are remembered
    }
    assertThat(stored().split("\"event_id\"", -1)).hasSize(3);
  }

  @Test
  void oneBadEventRefusesTheBatchAndIsNamed() {
    String bad = event("two").replace("\"workflow_name\":\"review\",", "");

    HttpResponse<String> answer =
        server.post(BATCH, SampleEvents.batch(List.of(event("one"), bad, event("three"))));

    assertAnswer(
        answer,
        422,
        "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"events\",1,\"workflow_name\"],"
            + "\"msg\":\"Field required\",\"input\":"
            + inputOf(bad)
            + "}]}");
    assertThat(stored()).isEqualTo("{\"events\":[],\"next_cursor\":null}");
  }

  /// Truncates a long input.
  private static String inputOf(String json) {
    return "\"" + json.substring(0, 256).replace("\"", "\\\"") + "…\"";
  }

  @Test
  void reportsAllFaultsOfABodyAtOnce() {
    String body = "{\"event\":{\"event_id\":\"\",\"event_type\":\"NOPE\",\"workflow_exec_id\":7}}";

    HttpResponse<String> answer = server.post(SINGLE, body);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("{\"type\":\"string_too_short\",\"loc\":[\"body\",\"event\",\"event_id\"],")
        .contains("{\"type\":\"enum\",\"loc\":[\"body\",\"event\",\"event_type\"],")
        .contains("{\"type\":\"string_type\",\"loc\":[\"body\",\"event\",\"workflow_exec_id\"],")
        .contains("{\"type\":\"missing\",\"loc\":[\"body\",\"event\",\"root_workflow_exec_id\"],")
        .contains("{\"type\":\"missing\",\"loc\":[\"body\",\"event\",\"attributes\"],");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "{",
        "{\"event\":",
        "{}",
        "{\"event\":[]}",
        "{\"event\":{}} x",
        "\uFEFF{}"
      })
  void answers422ToAnyOtherBody(String body) {
    for (String path : List.of(SINGLE, BATCH, STREAM_EVENT)) {
      HttpResponse<String> answer = server.post(path, body);
      assertThat(answer.statusCode()).as(path).isEqualTo(422);
      assertThat(answer.body())
          .startsWith("{\"detail\":[{\"type\":\"")
          .contains("\"loc\":[\"body\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e99999999999",
        "-1e-99999999999",
        "1E+2147483648",
        "0e99999999999",
        "1e999999999",
        "1e9999",
        "\"\\u0000\""
      })
  void metadataMayBeAnyJson(String value) {
    String body =
        "{\"event\":" + event("one") + ",\"metadata\":{\"a\":" + value + ",\"b\":[" + value + "]}}";
    int status = server.post(SINGLE, body).statusCode();
    assertThat(status).isIn(200, 422);
    if (status == 200) {
      try (StreamReader reader = server.stream(STREAM).open()) {
        assertThat(reader.await(1).getFirst().data())
            .contains(",\"metadata\":{\"a\":" + value + ",");
      }
    }
    server.publish(event("two")); // and the server still works
  }

  @Test
  void answers413ToAnEventOverTheLimit() {
    assertThat(
            server.post(SINGLE, SampleEvents.single(eventOf(MOST_EVENT_BYTES, "a"))).statusCode())
        .isEqualTo(200);
    assertAnswer(
        server.post(SINGLE, SampleEvents.single(eventOf(MOST_EVENT_BYTES + 1, "b"))),
        413,
        "{\"detail\":\"An event of 2049 bytes is over the limit of 2048; keep large payloads"
            + " elsewhere and publish a reference\",\"code\":\"WF_1113\"}");
    assertThat(stored()).contains("\"a\"").doesNotContain("\"event_id\":\"b\"");
  }

  @Test
  void answers413ToABatchOverTheLimit() {
    List<String> events =
        IntStream.range(0, MOST_EVENTS + 1).mapToObj(i -> event("e" + i)).toList();
    assertThat(server.post(BATCH, SampleEvents.batch(events.subList(0, MOST_EVENTS))).statusCode())
        .isEqualTo(200);
    assertAnswer(
        server.post(BATCH, SampleEvents.batch(events)),
        413,
        "{\"detail\":\"The body has more than 5 events; send them in several requests\","
            + "\"code\":\"WF_1113\"}");
  }

  @Test
  void answers413ToABodyOverTheLimit() {
    String body = SampleEvents.single(event("one"));
    String full = body + " ".repeat(MOST_BODY_BYTES - body.length());
    assertThat(server.post(SINGLE, full).statusCode()).isEqualTo(200);
    assertAnswer(
        server.post(SINGLE, full + " "),
        413,
        "{\"detail\":\"The body is over the limit of 8192 bytes; send it in several requests\","
            + "\"code\":\"WF_1113\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Type | application/json | 200",
        "Content-Type | application/json; charset=utf-8 | 200",
        "Content-Type | APPLICATION/JSON;charset=\"UTF-8\" | 200",
        "Content-Type | application/vnd.api+json | 200",
        "Content-Type | application/json; charset=iso-8859-1 | 415",
        "Content-Type | text/plain | 415",
        "Content-Type | text/json | 415",
        "Content-Type | application/x-www-form-urlencoded | 415",
        "Content-Encoding | identity | 200",
        "Content-Encoding | gzip | 415"
      })
  void answers415ToABodyThatIsNotJsonInUtf8(String header, String value, int status) {
    HttpResponse<String> answer =
        server.post(SINGLE, SampleEvents.single(event("one")), header, value);
    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 415) {
      assertAnswer(
          answer,
          415,
          "{\"detail\":\"Send the body as 'Content-Type: application/json', in UTF-8 and not"
              + " compressed\",\"code\":\"WF_1115\"}");
    }
  }

  @Test
  void aBatchMayMixBareEventsAndEnvelopes() {
    String wrapped =
        "{\"event\":" + event("two") + ",\"stream\":\"mine\",\"metadata\":{\"tenant\":\"acme\"}}";
    server.publish(event("one"), wrapped, "{\"metadata\":{},\"event\":" + event("three") + "}");
    try (StreamReader all = server.stream(STREAM).open();
        StreamReader mine = server.stream(STREAM + "?stream=mine&tenant=acme").open()) {
      all.await(3);
      mine.await(1);
      assertThat(mine.sequences()).containsExactly(2L);
      assertThat(mine.messages().getFirst().data())
          .startsWith("{\"stream\":\"mine\",")
          .contains(",\"metadata\":{\"tenant\":\"acme\"},");
    }
  }
}
