package io.galerne.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Sends logs to standard error. `GALERNE_LOG_LEVEL` sets the level of Galerne's own logs, from
/// `error` to `trace`; libraries log warnings and errors at most.
///
/// Logback finds it as a service.
public final class StderrLogging extends ContextAwareBase implements Configurator {
  private static final String LEVEL_VARIABLE = "GALERNE_LOG_LEVEL";

  /// Such as `2026-03-30T10:00:00.123Z INFO  galerne-loop-0 message`.
  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX, UTC} %-5level %thread %escapedMessage%n%ex";

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
    appender.setEncoder(lines(context));
    appender.start();

    Level level = Level.toLevel(asked, Level.INFO);
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(atMostWarnings(level));
    context.getLogger(OWN_LOGGERS).setLevel(level);
  }

  /// Returns an encoder that writes an event as one line, and its stack trace below.
  static Encoder<ILoggingEvent> lines(LoggerContext context) {
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.getInstanceConverterMap().put("escapedMessage", EscapedMessage::new);
    layout.setPattern(LINE);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> lines = new LayoutWrappingEncoder<>();
    lines.setContext(context);
    lines.setCharset(UTF_8);
    lines.setLayout(layout);
    lines.start();
    return lines;
  }

  /// Escapes control characters, so that a message cannot forge further lines.
  private static final class EscapedMessage extends MessageConverter {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    @Override
    public String convert(ILoggingEvent event) {
      return CONTROL.matcher(super.convert(event)).replaceAll(EscapedMessage::escaped);
    }

    private static String escaped(MatchResult control) {
      char c = control.group().charAt(0);
      return Matcher.quoteReplacement(
          switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u%04x".formatted((int) c);
          });
    }
  }

  private static Level atMostWarnings(Level level) {
    return level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
  }
}
