package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.MistralException;
import io.galerne.client.stream.EventStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the client logs at each level, and what it never logs.
@Timeout(60)
class LoggingTest {
  private static final String SECRET = "very-secret";
  private static final ScriptedServer.Script PAGE =
      wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}");
  private static final ScriptedServer.Script BUSY =
      wire -> wire.json(503, "{\"detail\":\"busy\"}", "Retry-After: 1");

  private final Logger logger = Logger.getLogger("io.galerne.client");
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          StringWriter text = new StringWriter();
          text.append(line.getLevel() + " " + new SimpleFormatter().formatMessage(line));
          if (line.getThrown() != null) {
            line.getThrown().printStackTrace(new PrintWriter(text));
          }
          logged.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    handler.setLevel(Level.ALL);
    logger.addHandler(handler);
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void leave() {
    logger.removeHandler(handler);
    logger.setLevel(null);
    logger.setUseParentHandlers(true);
  }

  private static Mistral.Builder client(ScriptedServer server) {
    return server
        .client()
        .apiKey("sk-" + SECRET)
        .header("x-signature", SECRET)
        .time(new FakeTime())
        .random(new WorstLuck());
  }

  @Test
  void logsEachResponseAndEachRetry() {
    try (ScriptedServer server = ScriptedServer.of(BUSY, PAGE);
        Mistral mistral = client(server).retries(Retries.defaults()).build()) {
      mistral.events().getWorkflowEvents(b -> b.limit(3));

      String call =
          "getWorkflowEvents: GET " + server.url() + "/v1/workflows/events/list?limit=3 returned ";
      assertThat(logged)
          .containsExactly(
              "FINE " + call + "503",
              "INFO "
                  + call
                  + "503: busy. A later attempt may succeed: Retries.defaults() retries. Retrying in 1s",
              "FINE " + call + "200");
    }
  }

  @Test
  void neverLogsOrThrowsAKey() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(401, "{\"detail\":\"no\"}"),
                wire -> wire.json(422, "{\"detail\":[]}"),
                wire -> wire.answer(200, "text/html", "<html>"),
                ScriptedServer.Wire::cut,
                wire -> wire.stream().events(1).cut(),
                wire -> wire.stream().chunked("event: error\ndata: {\"error\":\"x\"}\n\n"),
                wire -> wire.stream().events(2).end(),
                wire -> wire.stream().events(1).stall());
        Mistral mistral = client(server).build()) {
      for (int i = 0; i < 4; i++) {
        assertThatThrownBy(() ->
                mistral
                    .events()
                    .sendEvent(
                        b -> b.event(Samples.event(1)).options(o -> o.header("x-token", SECRET))))
            .isInstanceOf(MistralException.class)
            .satisfies(LoggingTest::showsNoSecret);
      }
      try (EventStream stream =
          mistral.events().getStreamEvents(b -> b.metadataFilter("api_key", SECRET))) {
        assertThat(stream.stream().limit(2)).hasSize(2);
      }
    }
    assertThat(logged)
        .anyMatch(line -> line.contains("api_key=***"))
        .noneMatch(line -> line.contains(SECRET));
  }

  private static void showsNoSecret(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    assertThat(text.toString()).doesNotContain(SECRET);
  }
}
