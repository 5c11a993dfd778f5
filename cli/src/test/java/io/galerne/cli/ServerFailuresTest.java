package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands' messages if the server is unreachable or refuses: one line with the remedy.
@Timeout(120)
class ServerFailuresTest {
  @TempDir Path folder;

  private String[] command(String name, String... more) throws IOException {
    Path file = folder.resolve("events.ndjson");
    String event = Examples.EVENT.replaceAll("\n *", "");
    Files.writeString(
        file,
        name.equals("import")
            ? "{\"broker_sequence\":1,\"data\":" + event.substring(9, event.length() - 1) + "}"
            : event);
    String[] args = new String[more.length + 2];
    args[0] = name;
    args[1] =
        switch (name) {
          case "publish", "import" -> file.toString();
          case "runs" -> "--search=hello-1";
          case "show" -> "hello-1";
          default -> "--workflow-exec-id=hello-1";
        };
    System.arraycopy(more, 0, args, 2, more.length);
    return args;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tail", "list", "runs", "show", "publish", "export", "import"})
  void ifNothingListensItSaysHowToStartAServer(String name) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port;

    assertThat(CommandRun.of(command(name, "--url", url)))
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "galerne: nothing listens at "
                    + url
                    + ": start a server with ./galerne serve, or give the URL of one with --url"
                    + System.lineSeparator()));
  }

  @Test
  void aServerWithoutTlsHasAnHttpUrl() throws Exception {
    try (CommandsServer server = CommandsServer.start(folder.resolve("data"))) {
      String url = server.url().replace("http:", "https:");
      assertThat(CommandRun.of("list", "--url", url).err())
          .isEqualTo(
              "galerne: "
                  + url
                  + " does not speak TLS: give its URL with http:// instead"
                  + System.lineSeparator());
    }
  }

  @Test
  void refusesAFolderOfAuthorities() throws Exception {
    assertThat(CommandRun.of("list", "--ca-cert", folder.toString()).err())
        .contains("--ca-cert", folder.toString(), "directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tail", "list", "runs", "show", "publish", "export", "import"})
  void requiresAKeyChecksItAndItsRights(String name) throws Exception {
    Path keys = folder.resolve("keys.json");
    String right = name.matches("publish|import") ? "read" : "publish";
    String secret =
        CommandRun.of(
                "keys", "add", "--namespace", "acme", "--may", right, "--keys", keys.toString())
            .out()
            .strip();
    try (CommandsServer server = CommandsServer.withKeys(folder.resolve("data"), keys)) {
      CommandRun none = server.run(command(name));
      CommandRun wrong = server.run(command(name, "--api-key", "gk_wrong"));
      CommandRun weak =
          CommandRun.of(
              Map.of("GALERNE_URL", server.url(), "GALERNE_API_KEY", secret),
              CommandRun.PIPE,
              command(name));

      assertThat(none.exitCode()).isEqualTo(1);
      assertThat(none.err()).contains("401", "GALERNE_API_KEY").hasLineCount(1);
      assertThat(wrong.exitCode()).isEqualTo(1);
      assertThat(wrong.err())
          .contains("does not know this API key")
          .doesNotContain("gk_wrong")
          .hasLineCount(1);
      assertThat(weak.exitCode()).isEqualTo(1);
      assertThat(weak.err()).contains("403", "right").doesNotContain(secret).hasLineCount(1);
    }
  }

  @Test
  void quotesABusyServerAndShortensAProxysPage() throws Exception {
    assertThat(unavailable("{\"detail\":\"The log is full; make room\"}"))
        .isEqualTo(
            "galerne: the server is unavailable (503): The log is full; make room; try again"
                + " later");
    assertThat(unavailable("<html>" + "x".repeat(5_000)))
        .contains("(503): <html>xxx")
        .hasSizeLessThan(1_000);
  }

  /// Lists events of a server that answers 503.
  ///
  /// @return its one line on standard error
  private static String unavailable(String body) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] answer = body.getBytes(UTF_8);
          exchange.getResponseHeaders().add("retry-after", "3600"); // longer than the retries
          exchange.sendResponseHeaders(503, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      CommandRun run =
          CommandRun.of("list", "--url", "http://127.0.0.1:" + server.getAddress().getPort());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).hasLineCount(1);
      return run.err().strip();
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "list, 503",
    "list, 408",
    "list, 425",
    "list, 429",
    "list, 507",
    "list, 522",
    "runs, 503",
    "show, 522",
    "tail, 503",
    "tail, 522",
    "export, 503",
    "export, 530",
    "publish, 503",
    "publish, 408",
    "publish, 425",
    "publish, 507",
    "publish, 520",
    "import, 507",
    "import, 530"
  })
  void retriesABusyServer(String name, int status) throws Exception {
    try (CommandsServer galerne = CommandsServer.start(folder.resolve("data"))) {
      AtomicInteger refusals = new AtomicInteger();
      HttpServer proxy = proxyThatRefusesFirst(galerne.url(), status, refusals);
      try {
        galerne.out(command("publish"));
        String[] more = name.equals("tail") ? new String[] {"--until-terminal"} : new String[] {};
        if (name.equals("tail")) {
          galerne.out("publish", Files.writeString(folder.resolve("end"), end()).toString());
        }

        CommandRun run =
            CommandRun.of(
                Map.of("GALERNE_URL", "http://127.0.0.1:" + proxy.getAddress().getPort()),
                CommandRun.PIPE,
                command(name, more));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(refusals).hasValue(0);
        assertThat(run.err())
            .contains(String.valueOf(status), "trying again")
            .doesNotContain("try again later");
      } finally {
        proxy.stop(0);
      }
    }
  }

  private static String end() {
    return Examples.EVENT
        .replaceAll("\n *", "")
        .replace("hello-event-1", "hello-event-2")
        .replace("EXECUTION_STARTED", "EXECUTION_COMPLETED")
        .replaceFirst(
            "\"attributes\".*", "\"attributes\":{\"task_id\":\"1\",\"result\":{\"value\":1}}}}");
  }

  /// Refuses the first two requests, and forwards every other.
  private static HttpServer proxyThatRefusesFirst(String url, int status, AtomicInteger refusals)
      throws IOException {
    refusals.set(2);
    HttpClient client = HttpClient.newHttpClient();
    HttpServer proxy = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    proxy.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    proxy.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.getResponseHeaders().add("retry-after", "0");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return;
          }
          HttpRequest.Builder request =
              HttpRequest.newBuilder(URI.create(url + exchange.getRequestURI()))
                  .header("accept", exchange.getRequestHeaders().getFirst("accept"));
          if (body.length > 0) {
            request
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
          }
          try {
            HttpResponse<InputStream> answer =
                client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            answer
                .headers()
                .map()
                .forEach((header, values) -> {
                  if (header.startsWith("galerne-") || header.equals("content-type")) {
                    exchange.getResponseHeaders().put(header, values);
                  }
                });
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            try (InputStream in = answer.body();
                OutputStream out = exchange.getResponseBody()) {
              byte[] part = new byte[8192];
              for (int read = in.read(part); read >= 0; read = in.read(part)) {
                out.write(part, 0, read);
                out.flush();
              }
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            exchange.close();
          }
        });
    proxy.start();
    return proxy;
  }

  @Test
  void anInvalidUrlIsWrongUsage() {
    CommandRun run = CommandRun.of("list", "--url", "localhost:8080");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("galerne: ").contains("https://host:port").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tail", "list", "runs", "show", "publish", "export", "import"})
  void helpHasExamplesAndSaysWhereToSetServerAndKey(String name) {
    CommandRun run = CommandRun.of(name, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("Usage: galerne " + name, "Examples:", "  galerne " + name)
        .contains("GALERNE_URL; default: http://127.0.0.1:8080", "GALERNE_API_KEY; default: none");
  }
}
