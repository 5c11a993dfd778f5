package io.galerne.server;

import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.StreamReader.End;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Covers every duration setting, including those added later.
@Timeout(120)
@ExtendWith(QuietServer.class)
class DurationSettingsTest {
  private static final List<Duration> FOREVER =
      List.of(
          Duration.ofDays(200_000),
          Duration.ofDays(110_000_000_000L),
          ChronoUnit.FOREVER.getDuration());

  @TempDir Path folder;

  static Stream<RecordComponent> settings() {
    return Stream.of(ServerConfig.class.getRecordComponents())
        .filter(component ->
            component.getType() == Duration.class
                || (component.getGenericType() instanceof ParameterizedType type
                    && type.getActualTypeArguments()[0] == Duration.class));
  }

  static Stream<Arguments> foreverForEach() {
    return settings()
        .flatMap(setting -> FOREVER.stream().map(value -> Arguments.of(setting.getName(), value)));
  }

  static Stream<Arguments> nonsenseForEach() {
    return settings()
        .flatMap(setting ->
            Stream.of(Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE))
                .map(value -> Arguments.of(setting.getName(), value)));
  }

  private static ServerConfig.Builder with(ServerConfig.Builder config, String name, Duration value)
      throws ReflectiveOperationException {
    RecordComponent setting =
        settings().filter(each -> each.getName().equals(name)).findFirst().orElseThrow();
    Object given = setting.getType() == Duration.class ? value : Optional.of(value);
    ServerConfig.Builder.class.getMethod(name, setting.getType()).invoke(config, given);
    return config;
  }

  @ParameterizedTest
  @MethodSource("foreverForEach")
  void foreverIsRefusedOrOutlastsTheServer(String name, Duration forever) throws Exception {
    ServerConfig.Builder config = with(RunningServer.config(), name, forever);
    try {
      config.build();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("must be");
      return;
    }
    try (RunningServer server = RunningServer.start(folder, config);
        StreamReader reader = server.stream(STREAM).open()) {
      server.publish(SampleEvents.event("one", "run-1"));
      reader.await(1);
      // the streams were checked, without an error in the log
      await().until(() -> server.metric("galerne_readers_live") == 1);
      server.publish(SampleEvents.event("two", "run-1"));
      reader.await(2);
      assertThat(reader.end()).isEqualTo(End.OPEN);
    }
  }

  @ParameterizedTest
  @MethodSource("nonsenseForEach")
  void refusesANegativeDuration(String name, Duration value) {
    assertThatThrownBy(() -> with(RunningServer.config(), name, value).build())
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(IllegalArgumentException.class),
            e ->
                assertThat(e)
                    .isInstanceOf(InvocationTargetException.class)
                    .hasCauseInstanceOf(IllegalArgumentException.class));
  }
}
