package io.galerne.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/// Fails a test that logged an error: nothing that a client does is an error of the server. Netty
/// also logs leaked buffers as errors, after they are collected.
public final class QuietServer implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final Errors ERRORS = new Errors();

  private static final class Errors extends AppenderBase<ILoggingEvent> {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
        String cause =
            event.getThrowableProxy() == null
                ? ""
                : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
        lines.add(brief(event.getFormattedMessage()) + cause);
      }
    }

    /// A leak report has the whole life of the buffer; its creation is enough.
    private static String brief(String message) {
      int created = message.indexOf("Created at:");
      return message.startsWith("LEAK") && created > 0
          ? "LEAK: " + message.lines().dropWhile(line -> !line.startsWith("Created at:")).toList()
          : message;
    }

    private List<String> take() {
      List<String> taken = new ArrayList<>(lines);
      lines.clear();
      return taken;
    }
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (!ERRORS.isStarted()) {
      root.setLevel(Level.INFO);
      ERRORS.setContext(root.getLoggerContext());
      ERRORS.start();
      root.addAppender(ERRORS);
    }
    ERRORS.take();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    assertThat(ERRORS.take()).as("errors in the server's log").isEmpty();
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    for (int i = 0; i < 3; i++) {
      System.gc();
      // Netty checks for leaked buffers whenever it allocates one
      PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
      ByteBufAllocator.DEFAULT.directBuffer(16).release();
    }
    assertThat(ERRORS.take()).as("errors in the server's log").isEmpty();
  }
}
