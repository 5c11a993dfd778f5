package io.galerne.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Limits are checked when set, not when an event breaks a stream.
class LimitSettingsTest {
  private static ServerConfig.Builder builder() {
    return ServerConfig.builder().maxBodyBytes(256 << 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2 << 20, 15 << 20})
  void acceptsEventLimitsWhoseFramesEveryClientReads(int bytes) {
    assertThat(builder().maxEventBytes(bytes).build().maxEventBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1023, (15 << 20) + 1, 64 << 20, Integer.MAX_VALUE})
  void refusesEventLimitsOutOfRange(int bytes) {
    assertThatThrownBy(() -> builder().maxEventBytes(bytes).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`maxEventBytes` must be from 1 KiB to 15 MiB")
        .hasMessageContaining(String.valueOf(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.001S", "PT2S", "PT1H"})
  void acceptsAnExecutionGraceOfUpToAnHour(String grace) {
    assertThat(builder().executionGrace(Duration.parse(grace)).build().executionGrace())
        .isEqualTo(Duration.parse(grace));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT1H0.001S", "P200000D"})
  void refusesAnExecutionGraceOutOfRange(String grace) {
    assertThatThrownBy(() -> builder().executionGrace(Duration.parse(grace)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`executionGrace` must be from 0 s to 1 h");
  }

  @Test
  void theDefaultsAreTheWorkersLimits() {
    ServerConfig config = ServerConfig.builder().build();
    assertThat(config.maxEventBytes()).isEqualTo(2 << 20);
    assertThat(config.maxBodyBytes()).isEqualTo(16 << 20);
    assertThat(config.executionGrace()).isEqualTo(Duration.ofSeconds(2));
  }
}
