package io.galerne.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.HttpHook;
import io.galerne.client.Mistral;
import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.protocol.WorkflowExecutionCompleted;
import io.galerne.spring.autoconfigure.MistralCustomizer;
import java.io.IOException;
import java.net.URL;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Auto-configuration from properties and beans, and what it refuses.
@Timeout(120)
class AutoConfigurationTest {
  /// Excludes the data source's auto-configuration, by its names on Spring Boot 3 and 4.
  private static final String WITHOUT_DATABASE =
      "--spring.autoconfigure.exclude=org.springframework.boot.autoconfigure.jdbc."
          + "DataSourceAutoConfiguration,org.springframework.boot.jdbc.autoconfigure."
          + "DataSourceAutoConfiguration";

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Plain {}

  private static ConfigurableApplicationContext run(Class<?> application, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--galerne.server-url=" + ServerProcess.shared().url());
    all.add("--spring.datasource.url=jdbc:h2:mem:configuration");
    return new SpringApplicationBuilder(application)
        .web(WebApplicationType.NONE)
        .run(all.toArray(String[]::new));
  }

  private static void assertRefused(Class<?> application, String message, String... arguments) {
    assertThatThrownBy(() -> run(application, arguments).close())
        .extracting(NestedExceptionUtils::getMostSpecificCause)
        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .hasMessageContaining(message);
  }

  @Test
  void needsNoDatabaseAndClosesTheClientWithTheApplication() {
    Mistral mistral;
    try (ConfigurableApplicationContext context = run(Plain.class, WITHOUT_DATABASE)) {
      mistral = context.getBean(Mistral.class);
      assertThat(mistral.events().getWorkflowEvents(request -> request.limit(1))).isNotNull();
      assertThat(context.getBean(WorkflowEventListeners.class).statuses()).isEmpty();
    }
    assertThatThrownBy(() -> mistral.events().getWorkflowEvents(request -> request.limit(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Listening {
    @WorkflowEventListener(consumer = "${consumer:twice}")
    void completed(WorkflowExecutionCompleted event) {}
  }

  @Test
  void aListenerNeedsADatabase() {
    assertRefused(Listening.class, "DataSource", WITHOUT_DATABASE);
  }

  static class Twice extends Listening {
    @WorkflowEventListener(consumer = "twice")
    void another(WorkflowExecutionCompleted event) {}
  }

  @Test
  void aConsumerBelongsToOneListener() {
    assertRefused(Twice.class, "Two listeners have the consumer 'twice'");
  }

  @Test
  void aConsumerNeedsAName() {
    assertRefused(Listening.class, "1 to 200 characters", "--consumer=" + "x".repeat(201));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Unusable {
    @WorkflowEventListener(consumer = "unusable")
    void completed(String event) {}
  }

  @Test
  void aListenerNeedsAnEventParameter() {
    assertRefused(Unusable.class, "Unusable.completed");
  }

  @Test
  void invalidSettingsAreRefused() {
    assertRefused(Plain.class, "galerne.listener.lease", "--galerne.listener.lease=10ms");
    assertRefused(Plain.class, "max-attempts", "--galerne.listener.max-attempts=0");
    assertRefused(Plain.class, "backoff", "--galerne.listener.backoff=1h");
    assertRefused(Plain.class, "hexadecimal", "--galerne.payload.key=secret");
  }

  @Test
  void unknownConsumersAreRefused() {
    try (ConfigurableApplicationContext context =
        run(Listening.class, "--galerne.listener.auto-startup=false")) {
      WorkflowEventListeners listeners = context.getBean(WorkflowEventListeners.class);

      assertThat(listeners.isRunning()).isFalse();
      assertThat(listeners.status("twice").state()).isEqualTo(ListenerStatus.State.STOPPED);
      assertThatThrownBy(() -> listeners.pause("thrice"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("thrice", "[twice]");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Customized {
    final List<String> keys = new CopyOnWriteArrayList<>();

    @Bean
    MistralCustomizer customizer() {
      return builder ->
          builder.hook(
              new HttpHook() {
                @Override
                public void beforeRequest(String operation, HttpRequest.Builder request) {
                  keys.add(
                      request.copy().build().headers().firstValue("authorization").orElse("none"));
                }
              });
    }
  }

  @Test
  void propertiesAndCustomizersConfigureTheClient() {
    try (ConfigurableApplicationContext context =
        run(Customized.class, "--galerne.api-key=gk_secret")) {
      context.getBean(Mistral.class).events().getWorkflowEvents(request -> request.limit(1));

      assertThat(context.getBean(Customized.class).keys).containsExactly("Bearer gk_secret");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Own {
    @Bean
    Mistral own() {
      return Mistral.builder().build();
    }
  }

  @Test
  void aMistralBeanReplacesTheClient() {
    try (ConfigurableApplicationContext context = run(Own.class)) {
      assertThat(context.getBeansOfType(Mistral.class)).containsOnlyKeys("own");
    }
  }

  @Test
  void aTransactionManagerOfAnotherDatabaseIsRefused() {
    ListenerDatabase database =
        new ListenerDatabase(
            H2ListenerTest.memory("one"),
            new DataSourceTransactionManager(H2ListenerTest.memory("other")),
            true);
    database.createTables();

    assertThatThrownBy(() -> database.commit(database.claim("billing"), Checkpoint.of(1), () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("transaction manager does not manage");
  }

  @Test
  void thePageListsAllProperties() throws IOException {
    List<String> rows =
        Files.readString(Path.of("../docs/spring-boot.md"))
            .lines()
            .dropWhile(line -> !line.equals("## Settings"))
            .takeWhile(line -> !line.equals("## Health and metrics"))
            .filter(line -> line.startsWith("| `galerne."))
            .toList();
    Map<String, String> described =
        rows.stream()
            .collect(
                Collectors.toMap(
                    row -> row.split("`")[1], row -> row.split("\\|")[2].strip().replace("`", "")));
    Map<String, String> properties = new TreeMap<>();
    for (JsonNode property : metadata().path("properties")) {
      assertThat(property.path("description").asString("")).isNotBlank();
      String byDefault = property.path("defaultValue").asString("none");
      properties.put(property.path("name").asString(), byDefault);
    }
    properties.put("galerne.server-url", "Mistral's hosted API");

    assertThat(described).containsExactlyInAnyOrderEntriesOf(properties);
  }

  private static JsonNode metadata() throws IOException {
    for (URL file :
        Collections.list(
            AutoConfigurationTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (var in = file.openStream()) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (text.contains("galerne.server-url")) {
          return JsonMapper.builder().build().readTree(text);
        }
      }
    }
    throw new AssertionError("There is no metadata");
  }
}
