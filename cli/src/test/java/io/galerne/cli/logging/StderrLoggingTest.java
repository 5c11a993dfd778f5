package io.galerne.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ConsoleAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class StderrLoggingTest {
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
}
