package io.galerne.spring.autoconfigure;

import io.galerne.client.Mistral;
import io.galerne.spring.WorkflowEventListeners;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/// The health indicator on Spring Boot 4. [Boot3HealthConfiguration] is its counterpart on Spring
/// Boot 3.
@AutoConfiguration(after = GalerneAutoConfiguration.class)
@ConditionalOnClass({ConditionalOnEnabledHealthIndicator.class, HealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("galerne")
class Boot4HealthConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "galerneHealthIndicator")
  HealthIndicator galerneHealthIndicator(Mistral mistral, WorkflowEventListeners listeners) {
    GalerneHealth galerne = new GalerneHealth(mistral, listeners);
    return () -> {
      GalerneHealth.Report report = galerne.report();
      Health.Builder health = report.up() ? Health.up() : Health.down();
      return health.withDetails(report.details()).build();
    };
  }
}
