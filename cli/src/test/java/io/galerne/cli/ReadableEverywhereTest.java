package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.client.Mistral;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamSource;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.UnknownEvent;
import io.galerne.server.GalerneServer;
import io.galerne.server.ServerConfig;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.store.StoreConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Events at every limit are readable in every wrapping, by the Java client, Python's json and the
/// command line (contract, section 1).
@Timeout(180)
class ReadableEverywhereTest {
  private static final int LARGEST = 15 << 20;
  private static final String EXECUTION = "/v1/workflows/executions/limits/stream";

  /// Reads every page and both streams that end, and prints the number of events of each.
  private static final String PYTHON =
      """
      import json, sys, urllib.request
      url = sys.argv[1]
      def get(path):
          return urllib.request.urlopen(url + path, timeout=100).read().decode("utf-8")
      cursor, listed = "", []
      while cursor is not None:
          page = json.loads(get("/v1/workflows/events/list?limit=3&cursor=" + cursor))
          listed += [event["event_id"] for event in page["events"]]
          cursor = page["next_cursor"]
      json.dumps(page).encode("utf-8")
      frames = get("%s?event_source=DATABASE").split("\\n\\n")
      data = [line[6:] for frame in frames for line in frame.split("\\n") if line[:6] == "data: "]
      streamed = [json.loads(line)["data"]["event_id"] for line in data]
      assert listed == streamed, (listed, streamed)
      print(len(listed))
      """
          .formatted(EXECUTION);

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private GalerneServer server;

  @BeforeEach
  void start() {
    server =
        GalerneServer.start(
            ServerConfig.builder().port(0).maxEventBytes(LARGEST).maxBodyBytes(64 << 20).build(),
            EmbeddedEventLog.open(StoreConfig.builder(folder.resolve("data")).build()));
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  private static String event(String id, String value) {
    return "{\"event_id\":\"%s\",\"event_timestamp\":1774864800037000000,".formatted(id)
        + "\"root_workflow_exec_id\":\"limits\",\"workflow_exec_id\":\"limits\","
        + "\"workflow_run_id\":\"run-1\",\"workflow_name\":\"w\","
        + "\"event_type\":\"CUSTOM_TASK_IN_PROGRESS\",\"attributes\":{\"custom_task_id\":\"c\","
        + "\"custom_task_type\":\"t\",\"payload\":{\"type\":\"json\",\"encoding_options\":null,"
        + "\"value\":"
        + value
        + "}}}";
  }

  private static String nested(String open, String close, int levels) {
    return open.repeat(levels) + "1" + close.repeat(levels);
  }

  private static String text(String piece, int times) {
    return "\"" + piece.repeat(times) + "\"";
  }

  /// Returns events at each limit: the largest, the deepest, the oddest.
  private static Map<String, String> atTheLimit() {
    int room = LARGEST - event("ascii", "\"\"").length();
    return Map.of(
        "ascii", event("ascii", text("x", room)),
        "accents", event("accents", text("\\u00e9", (16 << 20) / 6 - 500)),
        "control", event("control", text("\\u0001", (16 << 20) / 6 - 500)),
        "lists", event("lists", nested("[", "]", 147)),
        "objects", event("objects", nested("{\"a\":", "}", 147)),
        "numbers",
            event(
                "numbers",
                "[1e9999,-1E-9999,0.1e+9999," + "7".repeat(1000) + ",-0." + "3".repeat(997) + "]"),
        "halves", event("halves", "{\"\\ud83d\":\"\\udc00 \\ud83d\"}"),
        "name", event("name", "{\"" + "n".repeat(50_000) + "\":\"\\u2028\\u0000\u2029\"}"));
  }

  private int publish(String event) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/v1/workflows/events"))
            .POST(BodyPublishers.ofString("{\"event\":" + event + "}"))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    return answer.statusCode();
  }

  @Test
  void eventsAtALimitAreReadableInStreamListAndExecutionStream() throws Exception {
    List<String> ids = new ArrayList<>();
    for (Map.Entry<String, String> event : atTheLimit().entrySet()) {
      assertThat(publish(event.getValue())).as(event.getKey()).isEqualTo(200);
      ids.add(event.getKey());
    }
    try (Mistral mistral = Mistral.builder().serverUrl(server.uri().toString()).build()) {
      List<String> listed = new ArrayList<>();
      for (Event event : mistral.events().getAllWorkflowEvents(b -> b.limit(3))) {
        assertKnown(event);
        listed.add(event.eventId());
      }
      assertThat(listed).isEqualTo(ids);
      try (EventStream stream = mistral.events().getStreamEvents(b -> {})) {
        assertThat(read(stream.iterator(), ids.size())).isEqualTo(ids);
      }
      try (EventStream stream =
          mistral.workflows().executions().stream(
              "limits", b -> b.eventSource(StreamSource.DATABASE))) {
        Iterator<StreamEvent> events = stream.iterator();
        assertThat(read(events, ids.size())).isEqualTo(ids);
        assertThat(events.hasNext()).isFalse();
      }
    }
    assertThat(python()).isEqualTo(ids.size() + "\n");
    Path export = folder.resolve("export.ndjson");
    CommandRun run =
        CommandRun.of(
            Map.of("GALERNE_URL", server.uri().toString()),
            CommandRun.PIPE,
            "export",
            export.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    try (var lines = Files.lines(export)) {
      assertThat(lines.map(line -> EventReader.streamEvent(line).data().eventId())).isEqualTo(ids);
    }
  }

  private static List<String> read(Iterator<StreamEvent> events, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Event event = events.next().data();
      assertKnown(event);
      ids.add(event.eventId());
    }
    return ids;
  }

  private static void assertKnown(Event event) {
    assertThat(event).isNotInstanceOf(UnknownEvent.class);
    assertThat(event.json().tree().path("event_id").asString()).isEqualTo(event.eventId());
  }

  private String python() throws IOException, InterruptedException {
    Process python =
        new ProcessBuilder("python3", "-c", PYTHON, server.uri().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(python.getInputStream().readAllBytes(), UTF_8);
    assertThat(python.waitFor(100, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  void refusesEventsBeyondALimit() throws Exception {
    for (String value :
        List.of(
            nested("[", "]", 148),
            nested("{\"a\":", "}", 148),
            nested("[", "]", 496),
            "1e10000",
            "1e9999999999",
            "7".repeat(1001),
            "{\"" + "n".repeat(50_001) + "\":1}")) {
      assertThat(publish(event("beyond", value))).as(value).isEqualTo(422);
    }
    int room = LARGEST - event("beyond", "\"\"").length();
    assertThat(publish(event("beyond", text("x", room + 1)))).isEqualTo(413);
    assertThat(publish(event("beyond", text("\\u00e9", (16 << 20) / 6)))).isEqualTo(413);
  }
}
