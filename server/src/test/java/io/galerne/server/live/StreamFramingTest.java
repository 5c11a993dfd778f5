package io.galerne.server.live;

import static io.galerne.server.RunningServer.STREAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RawConnection.Answer;
import io.galerne.server.RunningServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The bytes of a stream on the socket (contract, section 4).
@Timeout(60)
@ExtendWith(QuietServer.class)
class StreamFramingTest {
  private static final String GET = "GET " + STREAM + " HTTP/1.1\r\nHost: test\r\n\r\n";

  /// Complete, so that nothing is inserted.
  private static final String EVENT =
      "{ \"event_id\":\"%s\", \"event_timestamp\":1774864800037000001,\"root_workflow_exec_id\":\"r\","
          + "\"parent_workflow_exec_id\":null,\"workflow_exec_id\":\"r\",\"workflow_run_id\":\"n\","
          + "\"workflow_name\":\"w\\u00e9 \u2028🌬\",\"continued_run_id\":null,"
          + "\"first_execution_run_id\":null,\"chain_run_id\":null,\"schedule_id\":null,\"extra\":1e-7,"
          + "\"event_type\":\"CUSTOM_TASK_STARTED\",\"attributes\":{\"custom_task_id\":\"c\","
          + "\"custom_task_type\":\"token\",\"payload\":{\"type\":\"json\",\"value\":1234567890123456789,"
          + "\"encoding_options\":null}}}";

  @TempDir Path folder;

  private static String frame(String id, long sequence) {
    return "id: %d\ndata: ".formatted(sequence)
        + "{\"stream\":\"token\",\"timestamp\":\"2026-03-30T10:00:00.037000001Z\",\"data\":"
        + EVENT.formatted(id)
        + ",\"workflow_context\":{\"namespace\":\"default\",\"workflow_name\":\"w\\u00e9 \u2028🌬\","
        + "\"workflow_exec_id\":\"r\",\"parent_workflow_exec_id\":null,"
        + "\"root_workflow_exec_id\":\"r\"},\"metadata\":{},\"broker_sequence\":%d}\n\n"
            .formatted(sequence);
  }

  @Test
  void theHeadHasTheTypeAndTheRangeForResuming() {
    try (RunningServer server = RunningServer.start(folder)) {
      server.publish(EVENT.formatted("one"), EVENT.formatted("two"));
      try (RawConnection connection = server.connect().send(GET)) {
        Answer head = connection.answer();

        assertThat(head.statusLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(head.headers())
            .containsEntry("content-type", "text/event-stream")
            .containsEntry("cache-control", "no-cache, no-transform")
            .containsEntry("x-accel-buffering", "no")
            .containsEntry("transfer-encoding", "chunked")
            .containsEntry("galerne-oldest-sequence", "1")
            .containsEntry("galerne-head-sequence", "2")
            .containsKeys("galerne-log-id", "x-request-id")
            .doesNotContainKeys("content-length", "content-encoding");
      }
    }
  }

  @Test
  void storedFramesBeginWithTheRetryHint() {
    try (RunningServer server = RunningServer.start(folder)) {
      server.publish(EVENT.formatted("one"), EVENT.formatted("two"));
    }
    try (RunningServer server = RunningServer.start(folder);
        RawConnection connection = server.connect().send(GET)) {
      connection.answer();
      String expected = "retry: 2000\n" + frame("one", 1) + frame("two", 2);

      assertThat(body(connection, expected.getBytes(UTF_8).length)).isEqualTo(expected);
    }
  }

  @Test
  void liveFramesBeginWithTheRetryHint() {
    try (RunningServer server = RunningServer.start(folder);
        RawConnection connection = server.connect().send(GET)) {
      connection.answer();
      server.publish(EVENT.formatted("one"));
      server.publish(EVENT.formatted("two"));
      String expected = "retry: 2000\n" + frame("one", 1) + frame("two", 2);

      assertThat(body(connection, expected.getBytes(UTF_8).length)).isEqualTo(expected);
    }
  }

  @Test
  void aLineBreakInAnEventDoesNotBreakItsFrame() {
    try (RunningServer server = RunningServer.start(folder);
        RawConnection connection = server.connect().send(GET)) {
      connection.answer();
      server.publish(EVENT.formatted("one").replace(",", ",\r\n").replace("{ ", "{\n\n\r "));
      String expected = "retry: 2000\n" + frame("one", 1);

      assertThat(body(connection, expected.getBytes(UTF_8).length)).isEqualTo(expected);
    }
  }

  @Test
  void keepAliveIsACommentNeverAnEmptyFrame() {
    try (RunningServer server =
            RunningServer.start(folder, RunningServer.config().keepAlive(Duration.ofMillis(1)));
        RawConnection connection = server.connect().send(GET)) {
      connection.answer();
      assertThat(connection.chunk()).isEqualTo(": keep-alive\n\n");
      assertThat(connection.chunk()).isEqualTo(": keep-alive\n\n");
      server.publish(EVENT.formatted("one"));

      String frames = connection.chunk();
      while (frames.endsWith(": keep-alive\n\n")) {
        frames = connection.chunk();
      }
      assertThat(frames + connection.chunk()).isEqualTo("retry: 2000\n" + frame("one", 1));
    }
  }

  @Test
  void aCleanEndIsTheLastChunkThenTheConnectionsEnd() {
    try (RunningServer server = RunningServer.start(folder);
        RawConnection connection = server.connect().send(GET)) {
      connection.answer();
      server.publish(EVENT.formatted("one"));
      String expected = "retry: 2000\n" + frame("one", 1);
      assertThat(body(connection, expected.getBytes(UTF_8).length)).isEqualTo(expected);

      server.stop();

      assertThat(connection.rest()).asString(UTF_8).isEqualTo("0\r\n\r\n");
    }
  }

  @Test
  void anHttp10ClientGetsTheSameFramesWithoutChunks() {
    try (RunningServer server =
            RunningServer.start(folder, RunningServer.config().keepAlive(Duration.ofMillis(1)));
        RawConnection stored = server.connect()) {
      server.publish(EVENT.formatted("one"), EVENT.formatted("two"));
      stored.send("GET " + STREAM + " HTTP/1.0\r\n\r\n");
      assertThat(stored.answer().headers()).doesNotContainKey("transfer-encoding");
      String expected = "retry: 2000\n" + frame("one", 1) + frame("two", 2);
      assertThat(plain(stored, expected)).isEqualTo(expected);

      server.publish(EVENT.formatted("three"), EVENT.formatted("four"));
      String more = frame("three", 3) + frame("four", 4);
      assertThat(plain(stored, more)).isEqualTo(more);
      server.stop();

      assertThat(new String(stored.rest(), UTF_8).replace(": keep-alive\n\n", "")).isEmpty();
    }
  }

  /// Reads the expected number of bytes of a body without chunks, and skips comments.
  private static String plain(RawConnection connection, String expected) {
    String comment = ": keep-alive\n\n";
    StringBuilder text = new StringBuilder();
    byte[] all = new byte[expected.getBytes(UTF_8).length + 1];
    int length = 0;
    while (length < all.length - 1) {
      byte b = connection.exactly(1)[0];
      if (b == ':' && (length == 0 || all[length - 1] == '\n')) {
        text.setLength(0);
        text.append(new String(connection.exactly(comment.length() - 1), UTF_8));
        assertThat(":" + text).isEqualTo(comment);
      } else {
        all[length++] = b;
      }
    }
    return new String(all, 0, length, UTF_8);
  }

  /// Reads chunks up to this many bytes.
  private static String body(RawConnection connection, int bytes) {
    StringBuilder text = new StringBuilder();
    while (text.toString().getBytes(UTF_8).length < bytes) {
      text.append(connection.chunk());
    }
    return text.toString();
  }
}
