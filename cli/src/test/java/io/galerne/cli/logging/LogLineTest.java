package io.galerne.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static final String START = "2026-03-30T10:00:00.123Z ";

  @Test
  void isTimeLevelThreadAndMessage() {
    assertThat(line(Level.INFO, "Log in {} is open", null))
        .isEqualTo(START + "INFO  galerne-loop-0 Log in data is open\n");
    assertThat(line(Level.ERROR, "full", null)).isEqualTo(START + "ERROR galerne-loop-0 full\n");
  }

  @Test
  void aMessageStaysOnItsLine() {
    assertThat(line(Level.WARN, "bad id a\nb\r\tc\u001b[31m", null))
        .isEqualTo(START + "WARN  galerne-loop-0 bad id a\\nb\\r\\tc\\u001b[31m\n");
  }

  @Test
  void aStackTraceFollows() {
    assertThat(line(Level.ERROR, "failed", new IllegalStateException("why")))
        .startsWith(START + "ERROR galerne-loop-0 failed\n")
        .contains("java.lang.IllegalStateException: why", "at io.galerne.cli.logging.LogLineTest")
        .endsWith("\n");
  }

  private static String line(Level level, String message, @Nullable Throwable cause) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            "caller", context.getLogger("x"), level, message, cause, new Object[] {"data"});
    event.setThreadName("galerne-loop-0");
    event.setInstant(Instant.parse("2026-03-30T10:00:00.123456Z"));
    return new String(new LogLine().encode(event), UTF_8);
  }
}
