package io.galerne.jetstream.nats;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// Everything that is logged while it is open. Safe for use by several threads.
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

  private LogLines() {}

  static LogLines capture() {
    LogLines lines = new LogLines();
    lines.setContext(lines.root.getLoggerContext());
    lines.start();
    lines.root.addAppender(lines);
    return lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    events.add(event);
  }

  /// The messages, in the order in which they came.
  List<String> messages() {
    return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /// The messages that came with the trace of an exception.
  List<String> withTrace() {
    return events.stream()
        .filter(event -> event.getThrowableProxy() != null)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    root.detachAppender(this);
    stop();
  }
}
