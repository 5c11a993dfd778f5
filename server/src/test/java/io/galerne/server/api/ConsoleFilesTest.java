package io.galerne.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(QuietServer.class)
class ConsoleFilesTest {
  private static final Pattern SCRIPT = Pattern.compile("src=\"(console/[^\"]+/main\\.js)\"");

  @TempDir Path folder;

  private static String script(RunningServer server) {
    Matcher script = SCRIPT.matcher(server.get("/").body());
    assertThat(script.find()).isTrue();
    return "/" + script.group(1);
  }

  @Test
  void servesThePageAtTheRootWithImmutableAssets() {
    try (RunningServer server = RunningServer.start(folder)) {
      HttpResponse<String> page = server.get("/");
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
      assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "frame-ancestors 'none'");
      assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");

      HttpResponse<String> script = server.get(script(server));
      assertThat(script.statusCode()).isEqualTo(200);
      assertThat(script.headers().firstValue("Content-Type"))
          .hasValue("text/javascript; charset=utf-8");
      assertThat(script.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
    }
  }

  @Test
  void answers304ToACachedFile() {
    try (RunningServer server = RunningServer.start(folder)) {
      String etag = server.get("/").headers().firstValue("ETag").orElseThrow();

      HttpResponse<String> again = server.get("/", "If-None-Match", etag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(server.get("/", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void compressesFilesForClientsThatAcceptGzip() throws Exception {
    try (RunningServer server = RunningServer.start(folder);
        HttpClient client = HttpClient.newHttpClient()) {
      URI script = server.uri().resolve(script(server));

      HttpResponse<byte[]> zipped = get(client, script, "br, gzip");
      assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(zipped.headers().firstValue("Vary")).hasValue("Accept-Encoding");
      assertThat(unzipped(zipped.body())).isEqualTo(server.get(script.getPath()).body());
      assertThat(get(client, script, "gzip;q=0").headers().firstValue("Content-Encoding"))
          .isEmpty();
    }
  }

  private static HttpResponse<byte[]> get(HttpClient client, URI uri, String encoding)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).header("Accept-Encoding", encoding).build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String unzipped(byte[] body) throws IOException {
    try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(zip.readAllBytes(), UTF_8);
    }
  }

  @Test
  void anUnknownFileIsNotFound() {
    try (RunningServer server = RunningServer.start(folder)) {
      HttpResponse<String> answer = server.get("/console/0000000000000000/app/main.js");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("reload the page");
      assertThat(server.get("/console/..%2f..%2fConsole.class").statusCode()).isEqualTo(404);
      assertThat(server.get("/console").statusCode()).isEqualTo(404);
      assertThat(server.post("/", "{}").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void theRootIsNotFoundWithoutTheConsole() {
    try (RunningServer server =
        RunningServer.start(folder, RunningServer.config().console(false))) {
      assertThat(server.get("/").statusCode()).isEqualTo(404);
      server.publish(SampleEvents.event("a", "run-1"));
      assertThat(server.get("/v1/workflows/events/list").statusCode()).isEqualTo(200);
    }
  }
}
