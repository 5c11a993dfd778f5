package io.galerne.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/// A running application with [Billing], on a database that can be disconnected.
final class Instance implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final String workflow;

  private Instance(ConfigurableApplicationContext context, String workflow) {
    this.context = context;
    this.workflow = workflow;
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    @Bean
    Billing billing(JdbcTemplate jdbc) {
      return new Billing(jdbc);
    }
  }

  /// Starts an instance. The consumer and the workflow have the same name.
  static Instance start(Unpluggable database, String workflow, String... properties) {
    return start(database, null, workflow, properties);
  }

  static Instance start(
      Unpluggable database, DeadLetterHandler deadLetters, String workflow, String... properties) {
    SpringApplication application =
        new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).build();
    application.setBannerMode(Banner.Mode.OFF);
    application.setDefaultProperties(
        Map.of(
            "galerne.server-url", ServerProcess.shared().url(),
            "galerne.listener.lease", "1s",
            "galerne.listener.backoff", "10ms",
            "galerne.listener.max-backoff", "100ms",
            "galerne.listener.max-attempts", "3"));
    application.addInitializers(context -> {
      GenericApplicationContext beans = (GenericApplicationContext) context;
      beans.registerBean(DataSource.class, () -> database);
      if (deadLetters != null) {
        beans.registerBean(DeadLetterHandler.class, () -> deadLetters);
      }
    });
    List<String> arguments = new ArrayList<>(List.of("--test.workflow=" + workflow));
    for (String property : properties) {
      arguments.add("--" + property);
    }
    return new Instance(application.run(arguments.toArray(String[]::new)), workflow);
  }

  Billing billing() {
    return context.getBean(Billing.class);
  }

  WorkflowEventListeners listeners() {
    return context.getBean(WorkflowEventListeners.class);
  }

  ListenerStatus status() {
    return listeners().status(workflow);
  }

  @Override
  public void close() {
    context.close();
  }
}
