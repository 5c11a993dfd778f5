package io.galerne.server.http.connection;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.ServerConfig.Tls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
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
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// HTTPS with a self-signed certificate.
@Timeout(60)
@ExtendWith(QuietServer.class)
class TlsTest {
  @TempDir static Path files;

  @TempDir Path folder;

  private static SSLContext trusting;
  private static Tls tls;

  @BeforeAll
  static void makeACertificate() throws Exception {
    X509Bundle made =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path certificate =
        Files.writeString(files.resolve("certificate.pem"), made.getCertificatePEM());
    Path key = Files.writeString(files.resolve("key.pem"), made.getPrivateKeyPEM());
    tls = new Tls(certificate, key);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, made.toTrustManagerFactory().getTrustManagers(), null);
  }

  private RunningServer start() {
    return RunningServer.start(folder, RunningServer.config().tls(Optional.of(tls)));
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(trusting)
        .build();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void publishingListingAndStreamingWork(HttpClient.Version version) throws Exception {
    try (RunningServer server = start();
        HttpClient client = HttpClient.newBuilder().sslContext(trusting).version(version).build()) {
      assertThat(server.uri().getScheme()).isEqualTo("https");
      HttpResponse<InputStream> stream =
          client.send(get(server.uri().resolve(STREAM)), BodyHandlers.ofInputStream());
      assertThat(stream.version()).isEqualTo(version);
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
  void aConnectionWhoseStreamHasEndedServesTheNextRequest() {
    String stream = "GET /v1/workflows/executions/run-1/stream?event_source=DATABASE HTTP/1.1\r\n";
    try (RunningServer server = start();
        RawConnection connection = RawConnection.to(server.uri(), trusting.getSocketFactory())) {
      for (int round = 0; round < 100; round++) {
        connection.send(stream + "Host: test\r\n\r\n");
        assertThat(connection.answer().status()).isEqualTo(200);
        assertThat(connection.chunks()).isEmpty();
      }
    }
  }

  @Test
  void closesAPlainConnectionWithoutAffectingOthers() throws Exception {
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

  private void assertRefused(Tls wrong, Path named, String why) {
    assertThatThrownBy(() -> RunningServer.config().tls(Optional.of(wrong)).build().checkFiles())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named.toString())
        .hasMessageContaining(why)
        .message()
        .doesNotContain("javax", "Exception");
  }

  @Test
  void namesFilesThatAreNotACertificateOrKey() throws IOException {
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
    assertRefused(new Tls(nonsense, tls.key()), nonsense, "holds no certificates");
    assertRefused(new Tls(tls.certificate(), nonsense), nonsense, "PKCS#8");
    assertRefused(new Tls(tls.key(), tls.certificate()), tls.key(), "holds no certificates");
  }

  /// The server needs PEM, although Java also reads certificates in DER.
  @Test
  void aCertificateInDerIsNotBlamedOnTheKey() throws Exception {
    byte[] der = selfSigned(new CertificateBuilder().ecp256()).getCertificate().getEncoded();
    Path certificate = Files.write(folder.resolve("certificate.der"), der);
    assertRefused(new Tls(certificate, tls.key()), certificate, "it must be PEM");
  }

  @Test
  void reportsMissingFiles() {
    Path missing = folder.resolve("missing.pem");
    assertRefused(new Tls(missing, tls.key()), missing, "does not exist");
    assertRefused(new Tls(tls.certificate(), missing), missing, "does not exist");
    assertRefused(new Tls(tls.certificate(), folder), folder, "is not a file");
  }

  @Test
  void refusesTheKeyOfAnotherCertificate() throws Exception {
    X509Bundle sameKind = selfSigned(new CertificateBuilder().ecp256());
    X509Bundle otherKind = selfSigned(new CertificateBuilder().rsa2048());
    for (X509Bundle other : List.of(sameKind, otherKind)) {
      Path key = Files.writeString(folder.resolve("other.pem"), other.getPrivateKeyPEM());
      assertRefused(new Tls(tls.certificate(), key), key, "does not match the certificate");
    }
  }

  @Test
  void reportsAnUnusableKeyAndTheFix() throws Exception {
    byte[] ed25519 =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    Path key = pem("ed.key", "PRIVATE KEY", ed25519);
    assertRefused(new Tls(tls.certificate(), key), key, "RSA or EC");

    byte[] rsa =
        selfSigned(new CertificateBuilder().rsa2048()).getKeyPair().getPrivate().getEncoded();
    Path encrypted = pem("a.key", "ENCRYPTED PRIVATE KEY", encrypted(rsa));
    assertRefused(new Tls(tls.certificate(), encrypted), encrypted, "has a passphrase");
  }

  private Path pem(String name, String label, byte[] content) throws Exception {
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(content)));
  }

  private static byte[] encrypted(byte[] key) throws Exception {
    String kind = "PBEWithSHA1AndDESede";
    Cipher cipher = Cipher.getInstance(kind);
    cipher.init(
        Cipher.ENCRYPT_MODE,
        SecretKeyFactory.getInstance(kind)
            .generateSecret(new PBEKeySpec("passphrase".toCharArray())),
        new PBEParameterSpec(new byte[8], 1000));
    return new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(key)).getEncoded();
  }

  private static X509Bundle selfSigned(CertificateBuilder kind) throws Exception {
    return kind.subject("CN=localhost").setIsCertificateAuthority(true).buildSelfSigned();
  }
}
