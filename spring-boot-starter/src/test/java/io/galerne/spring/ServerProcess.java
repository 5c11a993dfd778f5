package io.galerne.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A Galerne server in a separate JVM, because its libraries differ from Spring Boot's.
public final class ServerProcess implements AutoCloseable {
  private static final String READY = "galerne is listening on ";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final String url;

  private ServerProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  private static final class Shared {
    static final ServerProcess SERVER = startShared();

    private static ServerProcess startShared() {
      try {
        ServerProcess server = start(Files.createTempDirectory("galerne-spring"), 0);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// The server that all tests of this JVM share; each test has its own workflow name.
  public static ServerProcess shared() {
    return Shared.SERVER;
  }

  /// @param port 0 for any free port
  public static ServerProcess start(Path folder, int port) throws IOException {
    Path cli = Path.of(System.getProperty("galerne.cli", "../cli/target"));
    String libraries = Files.readString(cli.resolve("runtime.classpath")).strip();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                cli.resolve("classes") + System.getProperty("path.separator") + libraries,
                "io.galerne.cli.Galerne",
                "serve"));
    command.addAll(
        List.of("--port", Integer.toString(port), "--data", folder.resolve("data").toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("GALERNE_"));
    Path errors = folder.resolve("errors.log");
    Process process =
        builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile())).start();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith(READY)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IllegalStateException("The server did not start: " + Files.readString(errors));
    }
    return new ServerProcess(process, line.substring(READY.length()));
  }

  public String url() {
    return url;
  }

  public int port() {
    return URI.create(url).getPort();
  }

  /// Publishes the completion of an execution.
  public void completed(String workflow, String execution) {
    publish(workflow, execution, "WORKFLOW_EXECUTION_COMPLETED", "\"result\":{\"value\":7}");
  }

  /// Publishes the start of an execution.
  public void started(String workflow, String execution) {
    publish(
        workflow,
        execution,
        "WORKFLOW_EXECUTION_STARTED",
        "\"workflow_name\":\"" + workflow + "\",\"input\":{\"value\":7}");
  }

  /// @param attributes members of the event's attributes, as JSON
  public void publish(String workflow, String execution, String type, String attributes) {
    String event =
        """
        {"event":{"event_id":"%3$s-%1$s-%2$s","event_type":"%2$s","workflow_name":"%3$s",
        "workflow_run_id":"run-1","workflow_exec_id":"%1$s","root_workflow_exec_id":"%1$s",
        "attributes":{"task_id":"1",%4$s}}}\
        """
            .formatted(execution, type, workflow, attributes);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/workflows/events"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(event))
            .build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError(answer.statusCode() + " " + answer.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
