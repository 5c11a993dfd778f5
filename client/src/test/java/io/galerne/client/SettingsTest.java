package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.MistralException;
import io.galerne.client.error.RequestTimeoutException;
import io.galerne.client.stream.Disconnect;
import io.galerne.client.stream.EventStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How a client's settings affect its requests.
@Timeout(60)
class SettingsTest {
  private static final ScriptedServer.Script PAGE =
      wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}");

  private static ScriptedServer.Request only(ScriptedServer server) {
    assertThat(server.requests()).hasSize(1);
    return server.requests().get(0);
  }

  @Test
  void theHostedServiceIsTheDefault() {
    assertThat(Mistral.DEFAULT_SERVER_URL).isEqualTo("https://api.mistral.ai");
  }

  @Test
  void aServerUrlKeepsItsPathWithOrWithoutATrailingSlash() {
    for (String path : List.of("/behind/a/proxy", "/behind/a/proxy/")) {
      try (ScriptedServer server = ScriptedServer.of(PAGE);
          Mistral mistral = Mistral.builder().serverUrl(server.url() + path).build()) {
        mistral.events().getWorkflowEvents(b -> b.limit(3));

        assertThat(only(server).target())
            .isEqualTo("/behind/a/proxy/v1/workflows/events/list?limit=3");
      }
    }
  }

  @Test
  void sendsTheHeadersOfTheClientAndTheCall() {
    try (ScriptedServer server = ScriptedServer.of(PAGE);
        Mistral mistral =
            server.client().header("x-team", "billing").header("x-both", "client").build()) {
      mistral
          .events()
          .getWorkflowEvents(b -> b.options(o -> o.header("x-both", "call").header("x-call", "1")));

      assertThat(only(server).header("x-team")).contains("billing");
      assertThat(only(server).header("x-both")).contains("call");
      assertThat(only(server).header("x-call")).contains("1");
    }
  }

  @Test
  void theCallersHeaderReplacesTheClientsOwn() {
    try (ScriptedServer server = ScriptedServer.of(PAGE);
        Mistral mistral =
            server.client().apiKey("gk_1").header("Authorization", "Basic eA==").build()) {
      mistral.events().getWorkflowEvents(b -> {});

      assertThat(only(server).header("authorization")).contains("Basic eA==");
    }
  }

  @Test
  void sendsItsUserAgent() {
    try (ScriptedServer server = ScriptedServer.of(PAGE, PAGE);
        Mistral mistral = server.client().build();
        Mistral named = server.client().userAgent("billing/1.0").build()) {
      mistral.events().getWorkflowEvents(b -> {});
      named.events().getWorkflowEvents(b -> {});

      assertThat(server.requests().get(0).header("user-agent").orElse(""))
          .startsWith("galerne-client (Java ");
      assertThat(server.requests().get(1).header("user-agent")).contains("billing/1.0");
    }
  }

  @Test
  void callsTheKeySupplierBeforeEachRequest() {
    Iterator<String> keys = List.of("first", "second", "third").iterator();
    try (ScriptedServer server =
            ScriptedServer.of(
                PAGE,
                wire -> wire.stream().events(1).cut(),
                wire -> wire.stream().events(2).stall());
        Mistral mistral = server.client().time(new FakeTime()).apiKey(keys::next).build();
        EventStream stream = openAfterACall(mistral)) {
      assertThat(stream.stream().limit(2)).hasSize(2);

      assertThat(server.requests())
          .extracting(request -> request.header("authorization").orElse(""))
          .containsExactly("Bearer first", "Bearer second", "Bearer third");
    }
  }

  private static EventStream openAfterACall(Mistral mistral) {
    mistral.events().getWorkflowEvents(b -> {});
    return mistral.events().getStreamEvents(b -> {});
  }

  @Test
  void theRequestTimeoutLimitsTheWaitForAResponse() {
    try (ScriptedServer server = ScriptedServer.endingWith(ScriptedServer.Wire::stall);
        Mistral mistral = server.client().requestTimeout(Duration.ofMillis(100)).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(RequestTimeoutException.class)
          .hasMessageContaining("no answer within 0.1s");
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> {}))
          .isInstanceOf(RequestTimeoutException.class);
    }
  }

  @Test
  void theRequestTimeoutDoesNotEndAnOpenStream() {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream().events(1);
              wire.after(Duration.ofMillis(2_500)).events(2).stall();
            });
        Mistral mistral = server.client().requestTimeout(Duration.ofSeconds(2)).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream.stream().limit(2)).hasSize(2);
    }
  }

  @Test
  void theClientsSilenceTimeoutAppliesToItsStreams() {
    Heard heard = new Heard();
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                wire -> wire.stream().eventsUpTo(2).stall(),
                wire -> wire.stream().eventsUpTo(1).stall());
        Mistral mistral =
            server.client().silenceTimeout(Duration.ofMillis(200)).time(new FakeTime()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> b.listener(heard))) {
      assertThat(stream.stream().limit(2)).hasSize(2);
      assertThat(heard.reasons()).isNotEmpty().containsOnly(Disconnect.Reason.SILENCE);
    }
  }

  @Test
  void hooksLearnWhyThereIsNoResponse() {
    List<String> heard = new CopyOnWriteArrayList<>();
    HttpHook hook =
        new HttpHook() {
          @Override
          public void afterFailure(
              String operation, HttpRequest request, MistralException failure) {
            heard.add(operation + " " + failure.getClass().getSimpleName());
          }
        };
    try (ScriptedServer server = ScriptedServer.endingWith(ScriptedServer.Wire::cut);
        Mistral mistral = server.client().hook(hook).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ConnectionException.class);
      assertThat(heard).containsExactly("getWorkflowEvents ConnectionException");
    }
  }

  @Test
  void aHookThatThrowsFailsTheCall() {
    HttpHook hook =
        new HttpHook() {
          @Override
          public void beforeRequest(String operation, HttpRequest.Builder request) {
            throw new IllegalStateException("no signature for " + operation);
          }
        };
    try (Mistral mistral = Mistral.builder().hook(hook).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no signature for getWorkflowEvents");
    }
  }

  @Test
  void theCallersHttpClientIsUsedUnchanged() {
    HttpClient http = HttpClient.newHttpClient(); // prefers HTTP/2
    try (ScriptedServer server = ScriptedServer.of(PAGE, wire -> wire.stream().events(1).stall());
        Mistral mistral = server.client().httpClient(http).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
      try (EventStream stream = mistral.events().getStreamEvents(b -> {})) {
        assertThat(stream.iterator().next().brokerSequence()).isEqualTo(1);
      }
      assertThat(server.requests().get(0).header("upgrade")).contains("h2c");
    }
  }
}
