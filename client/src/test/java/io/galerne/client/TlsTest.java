package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.ConnectionException;
import io.galerne.client.stream.EventStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// HTTPS with self-signed certificates.
@Timeout(60)
class TlsTest {
  private static final ScriptedServer.Script PAGE =
      wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}");

  @TempDir static Path folder;

  private static Certificate ofServer;
  private static Certificate ofClient;

  @BeforeAll
  static void makeCertificates() throws Exception {
    ofServer = Certificate.make(folder, "server");
    ofClient = Certificate.make(folder, "client");
  }

  @Test
  void callsAndStreamsUseTheSslContext() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.tls(
                ofServer.trusting(ofClient), PAGE, wire -> wire.stream().events(1, 2).end());
        Mistral mistral =
            server
                .client()
                .sslContext(ofServer.trusted())
                .reconnection(Reconnection.off())
                .build()) {
      assertThat(server.url()).startsWith("https://");
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
      assertThat(Heard.sequences(mistral.events().getStreamEvents(b -> {})))
          .containsExactly(1L, 2L);
    }
  }

  @Test
  void aBrokenStreamReconnectsOverTls() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.tls(
                ofServer.trusting(ofClient),
                wire -> wire.stream().events(1).cut(),
                wire -> wire.stream().eventsUpTo(3).stall());
        Mistral mistral =
            server.client().time(new FakeTime()).sslContext(ofServer.trusted()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream.stream().limit(3)).hasSize(3);
    }
  }

  @Test
  void presentsItsCertificateIfRequested() throws Exception {
    try (ScriptedServer server = ScriptedServer.mutualTls(ofServer.trusting(ofClient), PAGE);
        Mistral mistral = server.client().sslContext(ofClient.trusting(ofServer)).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
    }
  }

  @Test
  void refusesAnUnknownCertificateWithoutASslContext() throws Exception {
    try (ScriptedServer server = ScriptedServer.tls(ofServer.trusting(ofClient), PAGE);
        Mistral mistral = server.client().apiKey("sk-very-secret").build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("getWorkflowEvents: GET " + server.url())
          .hasMessageContaining("SSLHandshakeException")
          .hasMessageContaining("give the client an sslContext that trusts it");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void theCallersHttpClientUsesItsOwnSslContext() throws Exception {
    HttpClient http = HttpClient.newBuilder().sslContext(ofServer.trusted()).build();
    try (ScriptedServer server = ScriptedServer.tls(ofServer.trusting(ofClient), PAGE);
        Mistral mistral = server.client().httpClient(http).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
    }
  }
}
