package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.publish.BatchingPublisher;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every duration setting works with very long and very short values.
@Timeout(60)
class ForeverTest {
  /// Runs something that depends on the setting.
  interface Use {
    void with(Duration duration) throws Exception;
  }

  private static final Map<String, Use> USES = new LinkedHashMap<>();

  static {
    USES.put("Mistral connectTimeout", d -> callAndStream(b -> b.connectTimeout(d), s -> s));
    USES.put("Mistral requestTimeout", d -> callAndStream(b -> b.requestTimeout(d), s -> s));
    USES.put("Mistral silenceTimeout", d -> callAndStream(b -> b.silenceTimeout(d), s -> s));
    USES.put("call timeout", d -> callAndStream(b -> b, s -> s.options(o -> o.timeout(d))));
    USES.put(
        "stream silenceTimeout",
        d -> callAndStream(b -> b, s -> s.options(o -> o.silenceTimeout(d))));
    USES.put("stream terminalGrace", ForeverTest::terminalGrace);
    USES.put("Reconnection initialDelay", d -> reconnect(Reconnection.builder().initialDelay(d)));
    USES.put(
        "Reconnection maxDelay",
        d -> reconnect(Reconnection.builder().initialDelay(Duration.ofMillis(1)).maxDelay(d)));
    USES.put(
        "Reconnection maxElapsedTime",
        d ->
            reconnect(Reconnection.builder().initialDelay(Duration.ofMillis(1)).maxElapsedTime(d)));
    USES.put("Retries initialDelay", d -> retry(retries().initialDelay(d)));
    USES.put("Retries maxDelay", d -> retry(retries().maxDelay(d)));
    USES.put("Retries maxElapsedTime", d -> retry(retries().maxElapsedTime(d)));
    USES.put("BatchingPublisher maxDelay", d -> publish(b -> b.maxDelay(d)));
    USES.put("BatchingPublisher closeTimeout", d -> publish(b -> b.closeTimeout(d)));
    USES.put("BatchingPublisher offer", ForeverTest::offer);
  }

  private static Retries.Builder retries() {
    return Retries.builder().initialDelay(Duration.ofMillis(1));
  }

  static Stream<Arguments> usesAndDurations() {
    List<Arguments> all = new ArrayList<>();
    for (String use : USES.keySet()) {
      for (Duration forever :
          List.of(
              Duration.ofDays(36_500),
              Duration.ofDays(200_000),
              ChronoUnit.FOREVER.getDuration(),
              Duration.ofSeconds(Long.MAX_VALUE),
              Duration.ofMillis(Long.MAX_VALUE))) {
        all.add(Arguments.of(use, forever));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("usesAndDurations")
  void isALegalDuration(String use, Duration forever) throws Exception {
    USES.get(use).with(forever);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mistral connectTimeout",
        "Mistral requestTimeout",
        "Mistral silenceTimeout",
        "call timeout",
        "stream silenceTimeout",
        "Reconnection initialDelay",
        "Reconnection maxDelay",
        "Reconnection maxElapsedTime",
        "Retries initialDelay",
        "Retries maxDelay",
        "Retries maxElapsedTime",
        "BatchingPublisher maxDelay",
        "BatchingPublisher closeTimeout"
      })
  void refusesNegativeDurationsAndNamesTheSetting(String use) {
    String name = use.substring(use.lastIndexOf(' ') + 1);
    for (Duration no : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
      assertThatThrownBy(() -> USES.get(use).with(no))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name);
    }
  }

  interface Settings<B> {
    B with(B builder);
  }

  private static void callAndStream(
      Settings<Mistral.Builder> client, Settings<StreamEventsRequest.Builder> stream) {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(200, Samples.page(null)),
                wire -> wire.stream().events(1).stall());
        Mistral mistral = client.with(server.client()).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
      try (EventStream events = mistral.events().getStreamEvents(b -> stream.with(b))) {
        assertThat(events.iterator().next().brokerSequence()).isEqualTo(1);
      }
    }
  }

  private static void terminalGrace(Duration forever) {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream().chunked(Samples.frame(1, Samples.completed("x", 1)));
              wire.events(2).stall();
            });
        Mistral mistral = server.client().build();
        EventStream events =
            mistral
                .events()
                .getStreamEvents(
                    b -> b.workflowExecId("x").untilTerminal().terminalGrace(forever))) {
      assertThat(events.stream().limit(2)).hasSize(2);
    }
  }

  private static void reconnect(Reconnection.Builder reconnection) {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().events(1).cut(), wire -> wire.stream().events(2).stall());
        Mistral mistral = server.client().time(new FakeTime()).random(new WorstLuck()).build();
        EventStream events =
            mistral
                .events()
                .getStreamEvents(b -> b.options(o -> o.reconnection(reconnection.build())))) {
      assertThat(events.stream().limit(2)).hasSize(2);
    }
  }

  private static void retry(Retries.Builder retries) {
    Retries set = retries.build();
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(503, "{}"), wire -> wire.json(200, Samples.page(null)));
        Mistral mistral = server.client().time(new FakeTime()).retries(set).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
    }
  }

  private static final ScriptedServer.Script TAKEN =
      wire -> wire.json(200, "{\"status\":\"success\",\"message\":null,\"events_received\":1}");

  private static void publish(Settings<BatchingPublisher.Builder> settings) throws Exception {
    try (ScriptedServer server = ScriptedServer.of(TAKEN);
        Mistral mistral = server.client().build();
        BatchingPublisher publisher = mistral.events().batchingPublisher(b -> settings.with(b))) {
      CompletableFuture<Void> sent = publisher.send(Samples.event(1));
      publisher.flush().get(30, TimeUnit.SECONDS);
      sent.get(30, TimeUnit.SECONDS);
    }
  }

  private static void offer(Duration forever) throws Exception {
    try (ScriptedServer server = ScriptedServer.of(TAKEN);
        Mistral mistral = server.client().build();
        BatchingPublisher publisher = mistral.events().batchingPublisher()) {
      assertThat(publisher.offer(Samples.event(1), forever)).isPresent();
    }
  }
}
