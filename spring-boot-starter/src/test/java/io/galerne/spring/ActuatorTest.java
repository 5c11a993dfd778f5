package io.galerne.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.WorkflowExecutionEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/// Health and metrics, over HTTP.
@Timeout(120)
class ActuatorTest {
  @TempDir Path folder;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @WorkflowEventListener(consumer = "watch")
    void seen(WorkflowExecutionEvent event, StreamEvent whole) {
      seen.add(whole.brokerSequence() + " " + event.eventType());
    }
  }

  private static HttpResponse<String> get(ConfigurableApplicationContext context, String path)
      throws IOException, InterruptedException {
    String port = context.getEnvironment().getProperty("local.server.port");
    URI url = URI.create("http://127.0.0.1:" + port + "/actuator/" + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void reportsServerAndListenersAndCountsEvents() throws Exception {
    ServerProcess server = ServerProcess.start(folder, 0);
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Application.class)
            .run(
                "--galerne.server-url=" + server.url(),
                "--server.port=0",
                "--spring.datasource.url=jdbc:h2:mem:actuator",
                "--management.endpoint.health.show-details=always",
                "--management.endpoints.web.exposure.include=health,metrics")) {
      server.started("watched", "watched-1");
      server.completed("watched", "watched-1");
      List<String> seen = context.getBean(Application.class).seen;
      await().atMost(60, TimeUnit.SECONDS).until(() -> seen.size() == 2);
      assertThat(seen)
          .containsExactly("1 WORKFLOW_EXECUTION_STARTED", "2 WORKFLOW_EXECUTION_COMPLETED");

      await()
          .atMost(60, TimeUnit.SECONDS)
          .untilAsserted(() ->
              assertThat(get(context, "metrics/galerne.listener.position").body())
                  .contains("\"value\":2.0"));
      HttpResponse<String> up = get(context, "health");
      assertThat(up.statusCode()).isEqualTo(200);
      assertThat(up.body())
          .contains(
              "\"server\":\"reachable\",\"listener.watch\":{\"state\":\"ACTIVE\",\"position\":2}");
      assertThat(get(context, "metrics/galerne.listener?tag=consumer:watch").body())
          .contains("{\"statistic\":\"COUNT\",\"value\":2.0}", "WORKFLOW_EXECUTION_COMPLETED");
      assertThat(get(context, "metrics/galerne.client.requests").body())
          .contains("getStreamEvents", "getWorkflowEvents", "\"200\"");
      metersAreThoseOfThePage(context.getBean(MeterRegistry.class));

      server.close();
      await()
          .atMost(60, TimeUnit.SECONDS)
          .untilAsserted(() ->
              assertThat(get(context, "health").body())
                  .contains("\"state\":\"FAILING\"", "\"failure\":\"", "\"status\":\"DOWN\""));
      assertThat(get(context, "health").statusCode()).isEqualTo(503);

      try (ServerProcess again = ServerProcess.start(folder, server.port())) {
        again.started("watched", "watched-2");
        await().atMost(90, TimeUnit.SECONDS).until(() -> seen.size() == 3);
        await()
            .atMost(60, TimeUnit.SECONDS)
            .untilAsserted(() -> assertThat(get(context, "health").statusCode()).isEqualTo(200));
      }
    } finally {
      server.close();
    }
  }

  private static void metersAreThoseOfThePage(MeterRegistry registry) throws IOException {
    String page = Files.readString(Path.of("../docs/spring-boot.md"));
    List<String> described =
        page.lines()
            .filter(line -> line.matches("\\| `galerne\\.[a-z.]+` \\| `(consumer|operation)`.*"))
            .map(line -> line.split("`")[1])
            .sorted()
            .toList();
    List<String> registered =
        registry.getMeters().stream()
            .map(meter -> meter.getId().getName())
            .filter(name -> name.startsWith("galerne.") && !name.equals("galerne.listener.active"))
            .distinct()
            .sorted()
            .toList();
    assertThat(described).isNotEmpty().contains("galerne.listener.active");
    assertThat(registered)
        .containsExactlyElementsOf(
            described.stream().filter(name -> !name.equals("galerne.listener.active")).toList());
  }
}
