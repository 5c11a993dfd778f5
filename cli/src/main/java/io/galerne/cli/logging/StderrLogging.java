package io.galerne.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Sends logs to standard error. `GALERNE_LOG_LEVEL` sets the level of Galerne's own logs, from
/// `error` to `trace`; libraries log warnings and errors at most.
///
/// Logback finds it as a service.
public final class StderrLogging extends ContextAwareBase implements Configurator {
  private static final String LEVEL_VARIABLE = "GALERNE_LOG_LEVEL";
  private static final String OWN_LOGGERS = "io.galerne";
  private static final String CLIENT_LOGGERS = "io.galerne.client";

  /// Logs only errors of the client, whose failures the command reports itself, unless the
  /// environment sets a more detailed level.
  public static void withoutClient() {
    if (LoggerFactory.getLogger(CLIENT_LOGGERS) instanceof Logger client
        && client.getEffectiveLevel().isGreaterOrEqual(Level.INFO)) {
      client.setLevel(Level.ERROR);
    }
  }

  /// Logs only warnings and errors, whatever level the environment sets.
  public static void onlyWarnings() {
    if (LoggerFactory.getLogger(OWN_LOGGERS) instanceof Logger own) {
      own.setLevel(atMostWarnings(own.getEffectiveLevel()));
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    configure(context, System.getenv(LEVEL_VARIABLE));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  void configure(LoggerContext context, @Nullable String asked) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    LogLine line = new LogLine();
    line.setContext(context);
    line.start();
    appender.setEncoder(line);
    appender.start();

    Level level = Level.toLevel(asked, Level.INFO);
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(atMostWarnings(level));
    context.getLogger(OWN_LOGGERS).setLevel(level);
  }

  private static Level atMostWarnings(Level level) {
    return level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
  }
}
