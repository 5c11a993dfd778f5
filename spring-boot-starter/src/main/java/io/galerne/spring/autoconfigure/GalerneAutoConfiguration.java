package io.galerne.spring.autoconfigure;

import io.galerne.client.Mistral;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.client.payload.PayloadStore;
import io.galerne.spring.DeadLetterHandler;
import io.galerne.spring.ListenerDatabase;
import io.galerne.spring.WorkflowEventListeners;
import io.micrometer.observation.ObservationRegistry;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/// Configures a [Mistral] client from the `galerne` properties, and the beans of listeners.
@AutoConfiguration
@EnableConfigurationProperties(GalerneProperties.class)
public class GalerneAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Mistral mistral(
      GalerneProperties properties,
      ObjectProvider<PayloadStore> stores,
      ObjectProvider<MistralCustomizer> customizers) {
    Mistral.Builder builder =
        Mistral.builder()
            .apiKey(properties.apiKey())
            .connectTimeout(properties.connectTimeout())
            .requestTimeout(properties.requestTimeout())
            .silenceTimeout(properties.silenceTimeout());
    if (properties.serverUrl() != null) {
      builder.serverUrl(properties.serverUrl());
    }
    if (properties.payload().decode()) {
      builder.decodePayloads(decoder(properties.payload(), stores.getIfAvailable()));
    }
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  private static PayloadDecoder decoder(
      GalerneProperties.Payload payload, @Nullable PayloadStore store) {
    PayloadDecoder.Builder decoder = PayloadDecoder.builder();
    if (payload.key() != null) {
      decoder.key(payload.key());
    }
    if (payload.secondaryKey() != null) {
      decoder.secondaryKey(payload.secondaryKey());
    }
    if (store != null) {
      decoder.store(store);
    }
    return decoder.build();
  }

  @Bean
  @ConditionalOnMissingBean
  WorkflowEventListeners workflowEventListeners(
      ConfigurableListableBeanFactory beans,
      Mistral mistral,
      ObjectProvider<ListenerDatabase> databases,
      ObjectProvider<DeadLetterHandler> deadLetters,
      ObjectProvider<ObservationRegistry> observations,
      GalerneProperties properties) {
    return new WorkflowEventListeners(
        beans,
        mistral,
        databases,
        deadLetters,
        observations.getIfAvailable(() -> ObservationRegistry.NOOP),
        properties.listener().settings());
  }

  /// Lazy: an application without listeners needs no database.
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({JdbcTemplate.class, PlatformTransactionManager.class})
  static class Database {
    @Bean
    @Lazy
    @ConditionalOnMissingBean
    ListenerDatabase listenerDatabase(
        DataSource dataSource,
        PlatformTransactionManager transactionManager,
        GalerneProperties properties) {
      return new ListenerDatabase(
          dataSource, transactionManager, properties.listener().createTables());
    }
  }
}
