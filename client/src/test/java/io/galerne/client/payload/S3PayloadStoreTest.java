package io.galerne.client.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.galerne.client.error.DecodingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/// Runs against a test server that responds to `GET` as S3 does.
class S3PayloadStoreTest {
  private static final String KEY = "temporal-payload/default/run%2F1/sha256:00";

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private HttpServer server;
  private S3Client client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client =
        S3Client.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .region(Region.EU_WEST_3)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(
                settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .forcePathStyle(true)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] object = objects.get(path);
      if (path.startsWith("/closed/")) {
        error(exchange, 403, "AccessDenied");
      } else if (path.startsWith("/endless/")) {
        exchange.sendResponseHeaders(200, 0);
        endless(exchange.getResponseBody());
      } else if (object == null) {
        error(exchange, 404, "NoSuchKey");
      } else {
        exchange.sendResponseHeaders(200, object.length);
        exchange.getResponseBody().write(object);
      }
    }
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    byte[] body =
        "<Error><Code>%s</Code><Message>no</Message></Error>".formatted(code).getBytes(UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static void endless(OutputStream body) {
    byte[] more = new byte[64 * 1024];
    try {
      while (true) {
        body.write(more);
      }
    } catch (IOException readerIsGone) {
      // the test waits for this
    }
  }

  @Test
  void fetchesAnObjectByItsKey() throws Exception {
    byte[] object = {1, 2, 3};
    objects.put("/payloads/" + KEY, object);
    assertThat(new S3PayloadStore(client, "payloads").fetch(KEY)).isEqualTo(object);
  }

  @Test
  void addsThePrefixToKeysWithoutIt() throws Exception {
    objects.put("/payloads/team/a", new byte[] {1});
    S3PayloadStore store = new S3PayloadStore(client, "payloads", "team");
    assertThat(store.fetch("a")).containsExactly(1);
    assertThat(store.fetch("team/a")).containsExactly(1);
  }

  @Test
  void namesTheMissingObject() {
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> new S3PayloadStore(client, "payloads").fetch("a"))
        .withMessage("The bucket payloads has no object a");
  }

  @Test
  void namesTheUnreadableBucket() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new S3PayloadStore(client, "closed").fetch("a"))
        .withMessageStartingWith("The bucket closed cannot be read: ")
        .withMessageContaining("403");
    server.stop(0);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new S3PayloadStore(client, "payloads").fetch("a"))
        .withMessageStartingWith("The bucket payloads cannot be read: ");
  }

  @Test
  void readsNoMoreThanTheMaximumPayload() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new S3PayloadStore(client, "endless").fetch("a"))
        .withMessage("The object has more than 67108864 bytes");
  }

  @Test
  void decodesPayloadsOffloadedByTheOfficialClient() {
    PayloadVector vector = PayloadVector.official("full/offloaded-zstd");
    PayloadDecoder decoder =
        PayloadDecoder.builder()
            .key(PayloadVector.MAIN)
            .store(new S3PayloadStore(client, "payloads"))
            .build();
    assertThatExceptionOfType(DecodingException.class)
        .isThrownBy(() -> decoder.decode(vector.payload()))
        .withMessageContaining("cannot be fetched: The bucket payloads has no object temporal-");
    vector
        .stored()
        .forEach((key, blob) -> objects.put("/payloads/" + key, Base64.getDecoder().decode(blob)));
    assertThat(decoder.decode(vector.payload())).matches(vector::isDecodedBy);
  }
}
