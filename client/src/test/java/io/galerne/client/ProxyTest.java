package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.ConnectionException;
import io.galerne.client.stream.EventStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Calls through proxies. If the server URL has a host that does not exist, only the proxy can have
/// received the call.
@Timeout(60)
class ProxyTest {
  private static final String ELSEWHERE = "http://events.invalid:8080/workspace";

  private static ProxySelector through(ScriptedServer proxy) {
    URI url = URI.create(proxy.url());
    return ProxySelector.of(new InetSocketAddress(url.getHost(), url.getPort()));
  }

  @Test
  void callsGoThroughTheProxy() {
    try (ScriptedServer proxy =
            ScriptedServer.of(wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}"));
        Mistral mistral =
            Mistral.builder().serverUrl(ELSEWHERE).proxy(through(proxy)).apiKey("gk_1").build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> b.limit(3)).items()).isEmpty();

      ScriptedServer.Request request = proxy.requests().get(0);
      assertThat(request.target()).isEqualTo(ELSEWHERE + "/v1/workflows/events/list?limit=3");
      assertThat(request.header("authorization")).contains("Bearer gk_1");
    }
  }

  @Test
  void streamsConnectAndReconnectThroughTheProxy() {
    try (ScriptedServer proxy =
            ScriptedServer.of(
                wire -> wire.stream().events(1, 2).cut(),
                wire -> wire.stream().eventsUpTo(4).stall());
        Mistral mistral =
            Mistral.builder()
                .serverUrl(ELSEWHERE)
                .proxy(through(proxy))
                .time(new FakeTime())
                .build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream.stream().limit(4).map(event -> event.brokerSequence()))
          .containsExactly(1L, 2L, 3L, 4L);
      assertThat(proxy.requests())
          .extracting(ScriptedServer.Request::target)
          .allMatch(target -> target.startsWith(ELSEWHERE));
    }
  }

  @Test
  void httpsGoesThroughATunnel(@TempDir Path folder) throws Exception {
    Certificate certificate = Certificate.make(folder, "server");
    try (ScriptedServer server =
            ScriptedServer.tls(
                certificate.trusting(certificate), wire -> wire.stream().events(1).stall());
        TunnelProxy proxy = new TunnelProxy(URI.create(server.url()).getPort());
        Mistral mistral =
            server
                .client()
                .proxy(proxy.selector())
                .sslContext(certificate.trusted())
                .apiKey("gk_1")
                .build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream.iterator().next().brokerSequence()).isEqualTo(1);
      assertThat(proxy.requests()).containsExactly("CONNECT " + server.address() + " HTTP/1.1");
    }
  }

  @Test
  void theCallersHttpClientUsesItsOwnProxy() {
    try (ScriptedServer proxy =
            ScriptedServer.of(wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}"));
        Mistral mistral =
            Mistral.builder()
                .serverUrl(ELSEWHERE)
                .httpClient(HttpClient.newBuilder().proxy(through(proxy)).build())
                .build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void anUnreachableProxyIsAConnectionError() {
    ScriptedServer gone = ScriptedServer.of();
    gone.close();
    try (Mistral mistral = Mistral.builder().serverUrl(ELSEWHERE).proxy(through(gone)).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("getWorkflowEvents: GET " + ELSEWHERE);
    }
  }

  @Test
  void aResponseOfTheProxyIsReported() {
    try (ScriptedServer proxy =
            ScriptedServer.of(wire -> wire.answer(407, "text/html", "<h1>Who are you?</h1>"));
        Mistral mistral = Mistral.builder().serverUrl(ELSEWHERE).proxy(through(proxy)).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .hasMessageContaining("407")
          .hasMessageContaining("Who are you?");
    }
  }
}
