package io.galerne.server.http;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.GalerneServer;
import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.ServerConfig.Tls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// HTTPS with a certificate of our own.
@Timeout(60)
@ExtendWith(QuietServer.class)
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path files;

  @TempDir Path folder;

  private static SSLContext trusting;
  private static Tls tls;

  @BeforeAll
  static void makeACertificate() throws Exception {
    Path store = files.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "server",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    new String(PASSWORD),
                    "-keystore",
                    store.toString()))
            .redirectErrorStream(true)
            .redirectOutput(files.resolve("keytool.txt").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Path certificate = files.resolve("certificate.pem");
    Path key = files.resolve("key.pem");
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
    tls = new Tls(certificate, key);

    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    trust.init(trusted);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, trust.getTrustManagers(), null);
  }

  private static String pem(String what, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  private RunningServer start() {
    return RunningServer.start(RunningServer.config(folder).tls(Optional.of(tls)));
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(trusting)
        .build();
  }

  @Test
  void publishingListingAndStreamingWork() throws Exception {
    try (RunningServer server = start();
        HttpClient client = client()) {
      assertThat(server.uri().getScheme()).isEqualTo("https");
      HttpResponse<InputStream> stream =
          client.send(get(server.uri().resolve(STREAM)), BodyHandlers.ofInputStream());
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
        for (int i = 1; i <= 50; i++) {
          publish(client, server.uri(), SampleEvents.large("e" + i, "run-1", 10_000));
        }
        for (int i = 1; i <= 50; i++) {
          if (i == 1) {
            assertThat(lines.readLine()).isEqualTo("retry: 2000");
          }
          assertThat(lines.readLine()).isEqualTo("id: " + i);
          assertThat(lines.readLine()).contains("\"event_id\":\"e" + i + "\"");
          assertThat(lines.readLine()).isEmpty();
        }
        server.stop();
        assertThat(lines.readLine()).isNull();
      }
    }
  }

  private static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).build();
  }

  private static void publish(HttpClient client, URI server, String event)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(SINGLE))
            .POST(BodyPublishers.ofString(SampleEvents.single(event)))
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  @Test
  void whoDoesNotSpeakTlsIsCutAndNobodyElseNotices() throws Exception {
    try (RunningServer server = start();
        HttpClient client = client()) {
      for (String nonsense :
          List.of("GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u0000\u0005hello", "", "\u0000")) {
        try (RawConnection connection = server.connect()) {
          connection.send(nonsense).endSending();
          assertThat(new String(connection.rest(), UTF_8)).doesNotContain("HTTP/");
        }
      }
      HttpResponse<String> answer =
          client.send(get(server.uri().resolve(LIST)), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void filesThatAreNoCertificateAndKeyAreNamed() throws IOException {
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
    for (Tls wrong :
        List.of(
            new Tls(nonsense, tls.key()),
            new Tls(tls.certificate(), nonsense),
            new Tls(tls.key(), tls.certificate()),
            new Tls(folder.resolve("missing.pem"), tls.key()))) {
      assertThatThrownBy(() ->
              GalerneServer.start(
                  RunningServer.config(folder.resolve("data")).tls(Optional.of(wrong)).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong.certificate().toString())
          .hasMessageContaining(wrong.key().toString());
    }
  }
}
