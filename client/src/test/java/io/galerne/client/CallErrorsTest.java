package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.ScriptedServer.Script;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.InvalidRequestException;
import io.galerne.client.error.RequestTimeoutException;
import io.galerne.protocol.Event;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallErrorsTest {
  private static final String EMPTY = "{\"events\":[],\"next_cursor\":null}";
  private static final Script FINE = wire -> wire.json(200, EMPTY);

  private final FakeTime time = new FakeTime();

  private Mistral.Builder client(ScriptedServer server) {
    return server.client().time(time).random(new WorstLuck());
  }

  private static Script answer(int status, String... headers) {
    return wire -> wire.json(status, "{\"detail\":\"not now\",\"code\":\"WF_1\"}", headers);
  }

  @Test
  void messagesNameTheCallTheUrlAndTheRemedy() {
    try (ScriptedServer server = ScriptedServer.of(answer(401));
        Mistral mistral = client(server).apiKey("sk-very-secret").build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> b.limit(3)))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> {
                assertThat(e.status()).isEqualTo(401);
                assertThat(e.body()).contains("WF_1");
                assertThat(e.headers()).containsKey("content-type");
              })
          .hasMessage(
              "getWorkflowEvents: GET "
                  + server.url()
                  + "/v1/workflows/events/list?limit=3 returned 401: not now. Check the API"
                  + " key");
    }
  }

  @Test
  void redactsParametersThatLookLikeKeys() {
    try (ScriptedServer server = ScriptedServer.of(answer(403));
        Mistral mistral = client(server).apiKey("sk-very-secret").build()) {
      assertThatThrownBy(() ->
              mistral
                  .events()
                  .getStreamEvents(
                      b -> b.metadataFilter("api_key", "hush").metadataFilter("page", 7)))
          .hasMessageContaining("api_key=***")
          .hasMessageContaining("page=7")
          .message()
          .doesNotContain("hush", "secret");
    }
  }

  @Test
  void doesNotShowAnInvalidKey() {
    try (Mistral mistral = Mistral.builder().apiKey("sk-very-secret\n").build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .doesNotContain("secret");
    }
  }

  @Test
  void listsEveryFaultThatTheServerFound() {
    String body =
        "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"events\",3,\"event_id\"],"
            + "\"msg\":\"Field required\",\"input\":{}},"
            + "{\"type\":\"int\",\"loc\":[\"query\",\"limit\"],\"msg\":\"Too large\"}]}";
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(422, body));
        Mistral mistral = client(server).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> {
                assertThat(e.faults()).hasSize(2);
                assertThat(e.faults().get(0).loc())
                    .containsExactly("body", "events", "3", "event_id");
                assertThat(e.faults().get(0).type()).isEqualTo("missing");
                assertThat(e.faults().get(0).json().text()).contains("\"input\":{}");
              })
          .hasMessageEndingWith(
              "422: body.events.3.event_id: Field required; query.limit: Too large");
    }
  }

  @Test
  void listsFaultsEvenIfTheyEchoHugeNumbers() {
    String body =
        "{\"detail\":[{\"type\":\"finite_number\",\"loc\":[\"body\",\"event\"],"
            + "\"msg\":\"Too large\",\"input\":1e9999999999},"
            + ("{\"loc\":[\"query\"],\"msg\":\"Too long\",\"input\":{\"a\":[" + "7".repeat(1001))
            + "]}},{\"msg\":\"Odd\",\"loc\":7}],\"more\":-1E9999999999}";
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(422, body));
        Mistral mistral = client(server).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> {
                assertThat(e.faults()).hasSize(3);
                assertThat(e.faults().get(0).loc()).containsExactly("body", "event");
                assertThat(e.faults().get(0).json().text()).contains("1e9999999999");
              })
          .hasMessageEndingWith("422: body.event: Too large; query: Too long; : Odd");
    }
  }

  @Test
  void truncatesLargeErrorBodies() {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.answer(500, "text/plain", "x".repeat(1 << 20)));
        Mistral mistral = client(server).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.body()).hasSize(64 * 1024))
          .message()
          .hasSizeLessThan(1000);
    }
  }

  @Test
  void doesNotRetryByDefault() {
    try (ScriptedServer server = ScriptedServer.of(answer(503));
        Mistral mistral = client(server).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ApiException.class);
      assertThat(time.waits()).isEmpty();
    }
  }

  @Test
  void retriesLikeTheOfficialClients() {
    try (ScriptedServer server =
            ScriptedServer.of(
                answer(429), answer(500), answer(502), answer(503), answer(504), FINE);
        Mistral mistral = client(server).retries(Retries.defaults()).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
      assertThat(time.waits())
          .extracting(Duration::toMillis)
          .containsExactly(1500L, 1750L, 2125L, 2687L, 3531L);
    }
  }

  @Test
  void honoursRetryAfter() {
    try (ScriptedServer server =
            ScriptedServer.of(
                answer(503, "Retry-After: 3"),
                answer(503, "Retry-After: 0.25"),
                answer(503, "retry-after-ms: 40", "Retry-After: 3"),
                answer(503, "Retry-After: Tue, 24 Nov 2026 10:00:10 GMT"),
                answer(503, "Retry-After: soon"),
                FINE);
        Mistral mistral = client(server).retries(Retries.defaults()).build()) {
      mistral.events().getWorkflowEvents(b -> {});

      assertThat(time.waits())
          .extracting(Duration::toMillis)
          .startsWith(3000L, 250L, 40L, 6710L)
          .hasSize(5);
    }
  }

  @Test
  void givesUpAfterMaxElapsedTime() {
    Retries impatient = Retries.builder().maxElapsedTime(Duration.ofSeconds(4)).build();
    try (ScriptedServer server = ScriptedServer.endingWith(answer(503));
        Mistral mistral = client(server).build()) {
      assertThatThrownBy(
              () -> mistral.events().getWorkflowEvents(b -> b.options(o -> o.retries(impatient))))
          .isInstanceOf(ApiException.class);
      assertThat(time.waits()).hasSize(2);
    }
  }

  @Test
  void aCallsRetriesOverrideTheClients() {
    Retries only418 = Retries.builder().statusCodes(Set.of(418)).build();
    try (ScriptedServer server = ScriptedServer.of(answer(418), answer(503));
        Mistral mistral = client(server).retries(Retries.defaults()).build()) {
      assertThatThrownBy(
              () -> mistral.events().getWorkflowEvents(b -> b.options(o -> o.retries(only418))))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(503));
    }
  }

  @Test
  void retriesBrokenConnectionsIfConfigured() {
    Retries retries = Retries.builder().connectionErrors(true).build();
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                FINE, wire -> wire.send("HTTP/1.1 200 OK\r\nContent-Le").cut());
        Mistral mistral = client(server).retries(retries).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
      assertThat(time.waits()).hasSize(1);
    }
  }

  @Test
  void aTruncatedBodyIsAConnectionError() {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                    .send("Content-Length: 1000\r\n\r\n{\"events\":[]")
                    .cut());
        Mistral mistral = client(server).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  void timesOutIfTheBodyStalls() {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                    .send("Content-Length: 1000\r\n\r\n{\"events\":[]")
                    .stall());
        Mistral mistral = client(server).build()) {
      assertThatThrownBy(() ->
              mistral
                  .events()
                  .getWorkflowEvents(b -> b.options(o -> o.timeout(Duration.ofMillis(200)))))
          .isInstanceOf(RequestTimeoutException.class)
          .hasMessageContaining("no answer within 0.2s");
    }
  }

  @Test
  void saysWhatToDoIfNothingListens() {
    ScriptedServer gone = ScriptedServer.of();
    gone.close();
    try (Mistral mistral = client(gone).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> b.limit(3)))
          .isInstanceOf(ConnectionException.class)
          .hasMessageStartingWith(
              "getWorkflowEvents: GET " + gone.url() + "/v1/workflows/events/list?limit=3 failed: ")
          .hasMessageEndingWith("is the server running, and is the server URL right?");
    }
  }

  @Test
  void timesOutIfNoConnectionIsMade() throws Exception {
    try (FullServer server = new FullServer();
        Mistral mistral =
            Mistral.builder()
                .serverUrl(server.url())
                .connectTimeout(Duration.ofMillis(100))
                .build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("no connection within 0.1s");
    }
  }

  @Test
  void doesNotFollowRedirects() {
    try (ScriptedServer server =
            ScriptedServer.of(answer(307, "Location: http://elsewhere.example/"));
        Mistral mistral = client(server).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .hasMessageContaining("Redirects are not followed");
    }
  }

  @Test
  void cancellingTheFutureCancelsTheCall() {
    try (ScriptedServer server = ScriptedServer.endingWith(ScriptedServer.Wire::stall);
        Mistral mistral = client(server).build()) {
      CompletableFuture<Page<Event>> page = mistral.async().events().getWorkflowEvents(b -> {});

      page.cancel(true);

      assertThatThrownBy(page::join).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void closingTheClientFailsPendingCalls() {
    try (ScriptedServer server = ScriptedServer.endingWith(ScriptedServer.Wire::stall);
        Mistral mistral = client(server).build()) {
      CompletableFuture<Page<Event>> page = mistral.async().events().getWorkflowEvents(b -> {});

      mistral.close();

      assertThatThrownBy(page::join)
          .hasCauseInstanceOf(ConnectionException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void hooksSeeEveryAttemptAndMayAddHeaders() {
    List<String> seen = new ArrayList<>();
    HttpHook hook =
        new HttpHook() {
          @Override
          public void beforeRequest(String operation, HttpRequest.Builder request) {
            request.setHeader("traceparent", "00-" + seen.size());
          }

          @Override
          public void afterResponse(
              String operation, HttpRequest request, int status, HttpHeaders headers) {
            seen.add(operation + " " + status);
          }
        };
    try (ScriptedServer server = ScriptedServer.of(answer(503), FINE);
        Mistral mistral = client(server).retries(Retries.defaults()).hook(hook).build()) {
      mistral.events().getWorkflowEvents(b -> {});

      assertThat(seen).containsExactly("getWorkflowEvents 503", "getWorkflowEvents 200");
      assertThat(server.requests())
          .extracting(request -> request.header("traceparent").orElse(""))
          .containsExactly("00-0", "00-1");
    }
  }

  @Test
  void refusesContradictorySettings() {
    assertThatThrownBy(() ->
            Mistral.builder()
                .httpClient(HttpClient.newHttpClient())
                .connectTimeout(Duration.ofSeconds(1))
                .build())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Mistral.builder().serverUrl("localhost:8080").build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
