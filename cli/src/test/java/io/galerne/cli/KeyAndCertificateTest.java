package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.galerne.server.GalerneServer;
import io.galerne.server.ServerConfig;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.store.StoreConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The key that the commands send, and the servers that they trust.
@Timeout(180)
class KeyAndCertificateTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  @Test
  void doesNotSendMistralsKeyToAnotherServerAndSaysSo() throws Exception {
    List<String> headers = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          headers.add(exchange.getRequestHeaders().getOrDefault("authorization", List.of()) + "");
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();

      CommandRun mistral =
          CommandRun.of(
              Map.of("MISTRAL_API_KEY", "m1", "GALERNE_URL", url), CommandRun.PIPE, "list");
      CommandRun.of(
          Map.of("MISTRAL_API_KEY", "m1", "GALERNE_API_KEY", "g1", "GALERNE_URL", url),
          CommandRun.PIPE,
          "list");
      CommandRun.of(
          Map.of("GALERNE_API_KEY", "g1", "GALERNE_URL", url),
          CommandRun.PIPE,
          "list",
          "--api-key",
          "o1");

      assertThat(headers).containsExactly("[]", "[Bearer g1]", "[Bearer o1]");
      assertThat(mistral.exitCode()).isEqualTo(1);
      assertThat(mistral.err())
          .contains("set GALERNE_API_KEY", "MISTRAL_API_KEY is set, but")
          .hasLineCount(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void everyCommandRefusesToSendAKeyInClearText() {
    for (String command : List.of("tail", "list", "runs", "publish", "export", "import")) {
      CommandRun run = CommandRun.of(command, "--url", "http://192.0.2.1:9", "--api-key", "secret");

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--insecure-http").doesNotContain("secret").hasLineCount(1);
    }
  }

  @Test
  void aKeyThatNoHeaderCanHoldIsWrongUsage() {
    CommandRun run = CommandRun.of("list", "--api-key", "sec ret");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--api-key").doesNotContain("sec ret").hasLineCount(1);
  }

  @Test
  void trustsAPrivateAuthorityThatIsGiven() throws Exception {
    Path certificate = certificate("server", "ip:127.0.0.1");
    Path other = certificate("other", "ip:127.0.0.1");
    ServerConfig.Tls tls = new ServerConfig.Tls(certificate, folder.resolve("server.key"));
    try (GalerneServer server =
        GalerneServer.start(
            ServerConfig.builder().port(0).tls(Optional.of(tls)).build(),
            EmbeddedEventLog.open(StoreConfig.builder(folder.resolve("data")).build()))) {
      String url = server.uri().toString();
      assertThat(url).startsWith("https://");

      CommandRun unknown = CommandRun.of("list", "--url", url);
      CommandRun wrong = CommandRun.of("list", "--url", url, "--ca-cert", other.toString());
      CommandRun known = CommandRun.of("list", "--url", url, "--ca-cert", certificate.toString());
      CommandRun fromEnvironment =
          CommandRun.of(
              Map.of("GALERNE_URL", url, "GALERNE_CA_CERT", certificate.toString()),
              CommandRun.PIPE,
              "list");

      assertThat(known).isEqualTo(new CommandRun(0, "", ""));
      assertThat(fromEnvironment).isEqualTo(known);
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.err()).contains("give the authority's certificate with --ca-cert");
      assertThat(wrong.exitCode()).isEqualTo(1);
      assertThat(wrong.err()).contains("is not signed by an authority in " + other);
      assertThat(unknown.err() + wrong.err()).doesNotContain("sslContext", "PKIX").hasLineCount(2);
    }
  }

  @Test
  void namesACertificateForAnotherHost() throws Exception {
    Path certificate = certificate("server", "dns:events.example.com");
    ServerConfig.Tls tls = new ServerConfig.Tls(certificate, folder.resolve("server.key"));
    try (GalerneServer server =
        GalerneServer.start(
            ServerConfig.builder().port(0).tls(Optional.of(tls)).build(),
            EmbeddedEventLog.open(StoreConfig.builder(folder.resolve("data")).build()))) {
      CommandRun run =
          CommandRun.of(
              "list", "--url", server.uri().toString(), "--ca-cert", certificate.toString());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("is for another host").hasLineCount(1);
    }
  }

  @Test
  void aFileWithoutCertificatesIsWrongUsage() throws Exception {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "my notes");

    for (Path file : List.of(notes, folder.resolve("missing.pem"), folder)) {
      CommandRun run = CommandRun.of("list", "--ca-cert", file.toString());

      assertThat(run.exitCode()).as("%s", file).isEqualTo(2);
      assertThat(run.err()).startsWith("galerne: --ca-cert " + file).hasLineCount(1);
    }
  }

  /// Creates a key in `NAME.key`, and a self-signed certificate.
  private Path certificate(String name, String subjectAlternativeName) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Path log = folder.resolve(name + ".txt");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + subjectAlternativeName,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(keytool.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(log)).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Certificate certificate = keys.getCertificate("it");
    pem(
        folder.resolve(name + ".key"),
        "PRIVATE KEY",
        keys.getKey("it", PASSWORD.toCharArray()).getEncoded());
    return pem(folder.resolve(name + ".pem"), "CERTIFICATE", certificate.getEncoded());
  }

  private static Path pem(Path file, String what, byte[] content) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }
}
