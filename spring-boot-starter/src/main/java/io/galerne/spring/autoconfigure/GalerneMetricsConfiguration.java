package io.galerne.spring.autoconfigure;

import io.galerne.client.HttpHook;
import io.galerne.client.error.MistralException;
import io.galerne.spring.ListenerStatus;
import io.galerne.spring.ListenerStatus.State;
import io.galerne.spring.WorkflowEventListeners;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextRefreshedEvent;

/// Meters of the client and of listeners, if there is a registry. The handling time is the
/// observation `galerne.listener`.
@AutoConfiguration(before = GalerneAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
class GalerneMetricsConfiguration {
  /// Counts the client's requests by operation and status.
  @Bean
  MistralCustomizer galerneRequestCounter(ObjectProvider<MeterRegistry> registries) {
    return builder -> builder.hook(new RequestCounter(registries));
  }

  private record RequestCounter(ObjectProvider<MeterRegistry> registries) implements HttpHook {
    @Override
    public void afterResponse(
        String operation, HttpRequest request, int status, HttpHeaders headers) {
      count(operation, Integer.toString(status));
    }

    @Override
    public void afterFailure(String operation, HttpRequest request, MistralException failure) {
      count(operation, "none");
    }

    private void count(String operation, String status) {
      registries.ifAvailable(registry ->
          registry
              .counter("galerne.client.requests", "operation", operation, "status", status)
              .increment());
    }
  }

  @Bean
  ApplicationListener<ContextRefreshedEvent> galerneListenerMeters(
      ObjectProvider<MeterRegistry> registries, WorkflowEventListeners listeners) {
    return event ->
        registries.ifAvailable(registry ->
            listeners.statuses().forEach(status -> bind(registry, listeners, status.consumer())));
  }

  private static void bind(
      MeterRegistry registry, WorkflowEventListeners listeners, String consumer) {
    Gauge.builder(
            "galerne.listener.active", listeners, of(consumer, s -> is(s, State.ACTIVE) ? 1 : 0))
        .description("Whether this instance holds the consumer's name and reads events")
        .tag("consumer", consumer)
        .register(registry);
    Gauge.builder(
            "galerne.listener.failing", listeners, of(consumer, s -> is(s, State.FAILING) ? 1 : 0))
        .description("Whether the consumer cannot read or handle an event")
        .tag("consumer", consumer)
        .register(registry);
    Gauge.builder(
            "galerne.listener.position",
            listeners,
            of(consumer, s -> s.sequence() < 0 ? Double.NaN : s.sequence()))
        .description("The last committed sequence")
        .tag("consumer", consumer)
        .register(registry);
    TimeGauge.builder(
            "galerne.listener.event.age",
            listeners,
            TimeUnit.MILLISECONDS,
            of(consumer, GalerneMetricsConfiguration::ageMillis))
        .description("The age of the last handled event")
        .tag("consumer", consumer)
        .register(registry);
    FunctionCounter.builder(
            "galerne.listener.retries", listeners, of(consumer, ListenerStatus::retries))
        .description("Failed attempts to handle an event")
        .tag("consumer", consumer)
        .register(registry);
    FunctionCounter.builder(
            "galerne.listener.dead.letters", listeners, of(consumer, ListenerStatus::deadLetters))
        .description("Events that went to the DeadLetterHandler")
        .tag("consumer", consumer)
        .register(registry);
  }

  private static ToDoubleFunction<WorkflowEventListeners> of(
      String consumer, ToDoubleFunction<ListenerStatus> value) {
    return listeners -> value.applyAsDouble(listeners.status(consumer));
  }

  private static boolean is(ListenerStatus status, State state) {
    return status.state() == state;
  }

  private static double ageMillis(ListenerStatus status) {
    return status
        .lastEventTime()
        .map(time -> (double) Duration.between(time, Instant.now()).toMillis())
        .orElse(Double.NaN);
  }
}
