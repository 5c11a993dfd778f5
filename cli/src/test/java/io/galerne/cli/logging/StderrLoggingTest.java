package io.galerne.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class StderrLoggingTest {
  private static final String START = "2026-03-30T10:00:00.123Z ";

  @ParameterizedTest
  @CsvSource({
    "debug,DEBUG,WARN",
    "INFO,INFO,WARN",
    "error,ERROR,ERROR",
    "loud,INFO,WARN",
    ",INFO,WARN"
  })
  void theLevelAppliesToOurLoggersAndOthersOnlyWarn(String asked, String own, String others) {
    LoggerContext context = new LoggerContext();

    new StderrLogging().configure(context, asked);

    assertThat(context.getLogger("io.galerne.server.x").getEffectiveLevel())
        .isEqualTo(Level.valueOf(own));
    assertThat(context.getLogger("io.netty.channel").getEffectiveLevel())
        .isEqualTo(Level.valueOf(others));
  }

  @Test
  void isTheProgramsLogging() {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    assertThat(root.getAppender("stderr"))
        .isInstanceOfSatisfying(
            ConsoleAppender.class,
            appender -> assertThat(appender.getTarget()).isEqualTo("System.err"));
  }

  @Test
  void aLineIsTimeLevelThreadAndMessage() {
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
        .contains(
            "java.lang.IllegalStateException: why", "at io.galerne.cli.logging.StderrLoggingTest")
        .endsWith("\n");
  }

  private static String line(Level level, String message, @Nullable Throwable cause) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            "caller", context.getLogger("x"), level, message, cause, new Object[] {"data"});
    event.setThreadName("galerne-loop-0");
    event.setInstant(Instant.parse("2026-03-30T10:00:00.123456Z"));
    return new String(StderrLogging.lines(context).encode(event), UTF_8);
  }
}
