package io.galerne.server.http.connection;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RawConnection.Answer;
import io.galerne.server.RunningServer;
import io.galerne.server.StreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which pages may read answers.
@Timeout(60)
@ExtendWith(QuietServer.class)
class CorsTest {
  private static final String PAGE = "https://runs.example.org";
  private static final String ALLOW = "access-control-allow-origin";

  @TempDir Path folder;

  private RunningServer server(String... origins) {
    return RunningServer.start(folder, RunningServer.config().corsOrigins(List.of(origins)));
  }

  private static Answer ask(RunningServer server, String method, String target, String... headers) {
    try (RawConnection connection = server.connect()) {
      String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      connection.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + lines + "\r\n");
      return connection.answer();
    }
  }

  @Test
  void anAllowedPageMayReadAnswersStreamsAndErrors() {
    try (RunningServer server = server(PAGE, "https://other.example.org")) {
      for (String target :
          List.of(LIST, "/nowhere", LIST + "?limit=0", STREAM, SINGLE, "/metrics")) {
        Answer answer = ask(server, "GET", target, "Origin: " + PAGE);
        assertThat(answer.header(ALLOW)).as(target).hasValue(PAGE);
        assertThat(answer.header("vary")).hasValue("origin");
        assertThat(answer.header("access-control-expose-headers").orElse(""))
            .contains("Galerne-Oldest-Sequence", "Galerne-Head-Sequence", "Galerne-Log-Id");
      }
      try (StreamReader stream = server.stream(STREAM).header("Origin", PAGE).open()) {
        assertThat(stream.header(ALLOW)).isEqualTo(PAGE);
      }
    }
  }

  @Test
  void otherOriginsGetNoHeadersButVary() {
    try (RunningServer server = server(PAGE)) {
      for (String origin :
          List.of(
              "https://evil.example.org",
              PAGE + ".evil.org",
              "null",
              PAGE.toUpperCase(Locale.ROOT))) {
        Answer answer = ask(server, "GET", LIST, "Origin: " + origin);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header(ALLOW)).as(origin).isEmpty();
        assertThat(answer.header("vary")).hasValue("origin");
      }
      assertThat(ask(server, "GET", LIST).header(ALLOW)).isEmpty();
    }
  }

  @Test
  void answersAPreflight() {
    try (RunningServer server = server(PAGE)) {
      String asks = "Access-Control-Request-Method: POST";
      Answer answer = ask(server, "OPTIONS", SINGLE, "Origin: " + PAGE, asks);
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.header(ALLOW)).hasValue(PAGE);
      assertThat(answer.header("access-control-allow-methods")).hasValue("GET, HEAD, POST");
      assertThat(answer.header("access-control-allow-headers"))
          .hasValue("authorization, cache-control, content-type, last-event-id, x-request-id");
      assertThat(answer.header("access-control-max-age")).hasValue("86400");

      Answer refused = ask(server, "OPTIONS", SINGLE, "Origin: https://evil.example.org", asks);
      assertThat(refused.header(ALLOW)).isEmpty();
      assertThat(refused.header("access-control-allow-methods")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache-control",
        "Cache-Control",
        "authorization,cache-control,last-event-id",
        "authorization, pragma, traceparent, x-speakeasy-user-agent"
      })
  void aPageMaySendAnyHeaders(String headers) {
    try (RunningServer server = server(PAGE)) {
      Answer answer =
          ask(
              server,
              "OPTIONS",
              STREAM,
              "Origin: " + PAGE,
              "Access-Control-Request-Method: GET",
              "Access-Control-Request-Headers: " + headers);
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.header("access-control-allow-headers")).hasValue(headers);
    }
  }

  @Test
  void aStarAllowsAnyPage() {
    try (RunningServer server = server("*")) {
      assertThat(ask(server, "GET", LIST, "Origin: https://a.example").header(ALLOW))
          .hasValue("https://a.example");
    }
  }

  @Test
  void withoutTheSettingAPreflightIsA405() {
    try (RunningServer server = server()) {
      Answer answer = ask(server, "GET", LIST, "Origin: " + PAGE);
      assertThat(answer.header(ALLOW)).isEmpty();
      assertThat(answer.header("vary")).isEmpty();
      Answer preflight =
          ask(server, "OPTIONS", SINGLE, "Origin: " + PAGE, "Access-Control-Request-Method: POST");
      assertThat(preflight.status()).isEqualTo(405);
    }
  }
}
