package io.galerne.cli.runs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The number of lines of the terminal's window, from `stty`. Java does not provide it. JLine does,
/// but it first asks the terminal about its features, and a late answer would count as typed input.
final class WindowHeight {
  /// The height if the window's is not known.
  static final int DEFAULT = 24;

  private static final Logger LOG = LoggerFactory.getLogger(WindowHeight.class);

  /// Returns the current height; people resize windows.
  int lines() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), US_ASCII).strip();
      stty.waitFor(1, TimeUnit.SECONDS);
      int lines =
          size.matches("\\d{1,4} \\d{1,4}")
              ? Integer.parseInt(size.substring(0, size.indexOf(' ')))
              : 0;
      return lines > 2 ? lines : DEFAULT;
    } catch (IOException e) {
      LOG.debug("The height of the window is not known", e);
      return DEFAULT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DEFAULT;
    }
  }
}
