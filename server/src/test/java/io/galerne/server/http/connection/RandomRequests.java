package io.galerne.server.http.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Generates requests that are almost valid, and some that are not valid at all. For one thread.
final class RandomRequests {
  private static final List<String> METHODS =
      List.of("GET", "POST", "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "get");

  private static final List<String> PATHS =
      List.of(
          RunningServer.SINGLE,
          RunningServer.BATCH,
          RunningServer.STREAM_EVENT,
          RunningServer.STREAM,
          RunningServer.LIST,
          "/v1/workflows/executions/run-1/stream",
          "/v1/workflows/executions/%00/stream",
          "/metrics",
          "/openapi.yaml",
          "/health/ready",
          "/v2/workflows/events",
          "/",
          "*",
          "//",
          "/../../etc/passwd");

  private static final List<String> PARAMETERS =
      List.of(
          "scope",
          "activity_name",
          "activity_id",
          "workflow_exec_id",
          "root_workflow_exec_id",
          "stream",
          "workflow_event_types",
          "metadata_filters",
          "metadata_filters[a]",
          "metadata_filters[",
          "start_seq",
          "event_source",
          "last_event_id",
          "limit",
          "cursor",
          "tenant",
          "");

  private static final List<String> VALUES =
      List.of(
          "",
          "*",
          "0",
          "1",
          "-1",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "1e99999999999",
          "activity",
          "DATABASE",
          "CUSTOM_TASK_STARTED,,*",
          "{\"a\":1}",
          "{\"a\":{\"b\":[null,true,1e400]}}",
          "{\"a\":-1E-99999999999}",
          "[1]",
          "\"a\"",
          "{",
          "null",
          "[".repeat(2000),
          "AQAAAAAAAAABAAAAAAAAAAAAAAAA",
          "\u0000",
          "🌬\uFFFD");

  private static final List<String> HEADERS =
      List.of(
          "Host: test",
          "Accept: text/event-stream",
          "Last-Event-ID: 1",
          "Last-Event-ID: 9223372036854775807",
          "Last-Event-ID: x",
          "Content-Type: application/json",
          "Content-Type: ;",
          "Content-Encoding: gzip",
          "Connection: close",
          "Connection: upgrade",
          "Upgrade: h2c",
          "Expect: 100-continue",
          "Expect: the-unexpected",
          "Authorization: Bearer \u00e9",
          "X-Request-Id: ; drop",
          "Origin: null",
          "Access-Control-Request-Method: POST");

  private static final List<String> BROKEN_HEADERS =
      List.of(
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: identity",
          "Content-Length: 5",
          "Content-Length: +5",
          "Content-Length: 0x5",
          " folded: yes",
          ": empty",
          "X-Request-Id: \u0001",
          "A\tB: c");

  /// JSON to use in place of a valid value.
  private static final List<String> TOKENS =
      List.of(
          "null",
          "true",
          "0",
          "-0",
          "1e99999999999",
          "123456789012345678901234567890",
          "\"\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "[]",
          "{}",
          "{\"a\":1,\"a\":2}",
          "[[[[[[]]]]]]",
          "\"json_patch\"",
          "\"" + "x".repeat(3000) + "\"");

  private final Random random;
  private int made;

  RandomRequests(Random random) {
    this.random = random;
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /// A request.
  ///
  /// @param bytes the bytes to send
  /// @param whole whether its end is clear, so that there must be an answer
  /// @param head whether it is a HEAD, whose answer has no body
  record Made(byte[] bytes, boolean whole, boolean head) {}

  Made next() {
    return oneIn(3) ? broken() : whole();
  }

  private String requestLine() {
    String path = any(PATHS);
    boolean publishes = path.matches(".*(events|batch)|.*ons/stream");
    String usual = publishes ? "POST" : "GET";
    return (oneIn(3) ? any(METHODS) : usual) + " " + path + query();
  }

  private Made whole() {
    String line = requestLine();
    StringBuilder head = new StringBuilder(line + " HTTP/1.1\r\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      head.append(any(HEADERS)).append("\r\n");
    }
    byte[] body = body();
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    return new Made(
        join(head.toString().getBytes(ISO_8859_1), head.length(), body, 0),
        true,
        line.startsWith("HEAD "));
  }

  private Made broken() {
    StringBuilder head = new StringBuilder(requestLine());
    head.append(any(List.of(" HTTP/1.1", " HTTP/1.1", " HTTP/1.0", " HTTP/3", ""))).append("\r\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      head.append(any(oneIn(2) ? HEADERS : BROKEN_HEADERS)).append("\r\n");
    }
    byte[] body = body();
    if (oneIn(2)) {
      head.append("Transfer-Encoding: chunked\r\n");
      body = chunks(body);
    } else {
      int length = oneIn(2) ? random.nextInt(body.length + 50) : body.length;
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    byte[] request =
        join(head.append("\r\n").toString().getBytes(ISO_8859_1), head.length(), body, 0);
    return new Made(oneIn(2) ? mutate(request) : request, false, false);
  }

  private String query() {
    StringBuilder query = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      query
          .append(query.isEmpty() ? "?" : "&")
          .append(encode(any(PARAMETERS)))
          .append(oneIn(20) ? "" : "=")
          .append(encode(any(VALUES)));
    }
    return query.toString();
  }

  /// Encodes the text, in most cases.
  private String encode(String text) {
    byte[] bytes = oneIn(10) ? mutate(text.getBytes(UTF_8)) : text.getBytes(UTF_8);
    StringBuilder encoded = new StringBuilder();
    for (byte b : bytes) {
      boolean plain = b == '_' || (b >= '0' && b <= '9') || (b >= 'A' && b <= 'z');
      if (plain || oneIn(200)) {
        encoded.append(b > ' ' ? (char) b : '%');
      } else {
        encoded.append('%').append(HexFormat.of().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  private byte[] body() {
    String event = SampleEvents.event("f" + made++, "run-1", any(List.of(EventType.values())));
    String body =
        switch (random.nextInt(5)) {
          case 0 -> SampleEvents.single(event);
          case 1 -> SampleEvents.batch(List.of(event, SampleEvents.event("g" + made, "run-2")));
          case 2 -> SampleEvents.streamEvent(event);
          case 3 ->
              "{\"metadata\":{\"a\":"
                  + any(TOKENS)
                  + "},\"stream\":"
                  + any(TOKENS)
                  + ",\"event\":"
                  + event
                  + "}";
          default -> "";
        };
    for (int i = random.nextInt(3); i > 0; i--) {
      body = replaceAToken(body);
    }
    byte[] bytes = body.getBytes(UTF_8);
    return oneIn(4) ? mutate(bytes) : bytes;
  }

  /// Replaces a random value of the JSON.
  private String replaceAToken(String json) {
    int colon = json.indexOf(':', json.isEmpty() ? 0 : random.nextInt(json.length()));
    if (colon < 0) {
      return json;
    }
    int end = colon + 1;
    while (end < json.length() && ",}]".indexOf(json.charAt(end)) < 0) {
      end++;
    }
    return json.substring(0, colon + 1) + any(TOKENS) + json.substring(end);
  }

  private byte[] chunks(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < body.length; ) {
      int size = Math.min(body.length - from, 1 + random.nextInt(200));
      String length = oneIn(30) ? "zz" : Integer.toHexString(oneIn(30) ? size + 1 : size);
      out.writeBytes((length + "\r\n").getBytes(ISO_8859_1));
      out.write(body, from, size);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
      from += size;
    }
    out.writeBytes((oneIn(10) ? "0\r\n" : "0\r\n\r\n").getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  /// Changes, drops, duplicates or adds some bytes.
  private byte[] mutate(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
      int at = random.nextInt(changed.length);
      switch (random.nextInt(4)) {
        case 0 -> changed[at] = (byte) random.nextInt(256);
        case 1 -> changed = Arrays.copyOf(changed, at);
        case 2 -> changed = join(changed, at, changed, at / 2);
        default -> {
          byte[] noise = new byte[1 + random.nextInt(20)];
          random.nextBytes(noise);
          changed = join(join(changed, at, noise, 0), at + noise.length, changed, at);
        }
      }
    }
    return changed;
  }

  private static byte[] join(byte[] one, int to, byte[] other, int from) {
    byte[] joined = Arrays.copyOf(one, to + other.length - from);
    System.arraycopy(other, from, joined, to, other.length - from);
    return joined;
  }
}
