package io.galerne.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.ScriptedServer.Wire;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.StreamException;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Responses that a proxy compressed without being asked.
@Timeout(60)
class ContentEncodingTest {
  private static byte[] encoded(String encoding, String... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String part : parts) { // concatenated gzip members are one content
      try (OutputStream out =
          encoding.equals("deflate")
              ? new DeflaterOutputStream(bytes, true)
              : new GZIPOutputStream(bytes, true)) {
        out.write(part.getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static void chunk(Wire wire, byte[] bytes, int from, int to) throws IOException {
    wire.send(Integer.toHexString(to - from) + "\r\n")
        .send(Arrays.copyOfRange(bytes, from, to))
        .send("\r\n");
  }

  private static String completed(long sequence) {
    return Samples.frame(sequence, Samples.completed("root", sequence));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "deflate"})
  void decodesAStreamSplitAtAnyByte(String encoding) throws IOException {
    byte[] bytes = encoded(encoding, Samples.frame(1) + ": ping\n\n" + completed(2));
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream("Content-Encoding: " + encoding);
              for (int at = 0; at < bytes.length; at++) {
                chunk(wire, bytes, at, at + 1);
              }
              wire.stall();
            });
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> b.untilTerminal())) {
      assertThat(stream.stream().limit(2)).hasSize(2);
    }
  }

  @Test
  void eventsArriveAsSoonAsTheProxyFlushesThem() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    GZIPOutputStream gzip = new GZIPOutputStream(bytes, true);
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream("Content-Encoding: gzip");
              for (int sequence = 1; sequence <= 3; sequence++) {
                gzip.write(Samples.frame(sequence).getBytes(UTF_8));
                gzip.flush();
                byte[] flushed = bytes.toByteArray();
                bytes.reset();
                chunk(wire, flushed, 0, flushed.length);
                wire.after(Duration.ofMillis(50));
              }
              wire.stall();
            });
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream.stream().limit(3)).hasSize(3);
    }
  }

  @Test
  void concatenatedGzipMembersAreOneStream() throws IOException {
    byte[] bytes = encoded("gzip", Samples.frame(1), Samples.frame(2), Samples.frame(3));
    Heard heard = new Heard();
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream("Content-Encoding: gzip");
              chunk(wire, bytes, 0, bytes.length);
              wire.end();
            });
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> b.listener(heard))) {
      assertThat(Heard.sequences(stream)).containsExactly(1L, 2L, 3L);
      assertThat(stream.ending()).contains(Ending.ENDED);
    }
  }

  @Test
  void truncatedContentIsDetected() throws IOException {
    byte[] bytes = encoded("gzip", Samples.frame(1) + Samples.frame(2));
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream("Content-Encoding: gzip");
              chunk(wire, bytes, 0, bytes.length - 4);
              wire.end();
            });
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOfSatisfying(
              StreamException.class, e -> assertThat(e.kind()).isEqualTo(StreamException.Kind.CUT));
    }
  }

  @Test
  void invalidContentIsAnError() {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.stream("Content-Encoding: gzip").events(1, 2).stall());
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOfSatisfying(
              StreamException.class,
              e -> assertThat(e.kind()).isEqualTo(StreamException.Kind.MALFORMED))
          .hasMessageContaining("content encoding gzip is broken");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip, gzip", "compress"})
  void unsupportedEncodingsFailAndSayWhatToDo(String encoding) {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream("Content-Encoding: " + encoding).stall(),
                wire -> wire.json(200, Samples.page(null), "Content-Encoding: " + encoding));
        Mistral mistral = server.client().build()) {
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> {}))
          .isInstanceOf(ApiException.class)
          .hasMessageContainingAll("'" + encoding + "'", "proxy");
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ApiException.class)
          .hasMessageContainingAll("'" + encoding + "'", "proxy");
    }
  }

  @Test
  void identityNeedsNoDecoding() {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.stream("Content-Encoding: identity").events(1).stall());
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream.stream().limit(1)).hasSize(1);
    }
  }

  @Test
  void pagesAndErrorsAreDecodedToo() throws IOException {
    byte[] page = encoded("gzip", Samples.page(null, Samples.event(1)));
    byte[] error = encoded("gzip", "{\"detail\":\"unknown key\"}");
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> whole(wire, 200, page),
                wire -> whole(wire, 401, error),
                wire -> whole(wire, 200, Arrays.copyOf(page, page.length - 9)));
        Mistral mistral = server.client().build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).hasSize(1);
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ApiException.class)
          .hasMessageContaining("unknown key");
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("was truncated");
    }
  }

  private static void whole(Wire wire, int status, byte[] body) throws IOException {
    wire.send(
            "HTTP/1.1 "
                + status
                + " X\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                + ("Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n"))
        .send(body);
  }

  @Test
  void contentOfAnySizeSurvives() throws Exception {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    byte[] page = encoded("gzip", "{\"events\":[],\"next_cursor\":\"" + text + "\"}");
    try (ScriptedServer server = ScriptedServer.of(wire -> whole(wire, 200, page));
        Mistral mistral = server.client().build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).next()).contains(text.toString());
    }
  }
}
