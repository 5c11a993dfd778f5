package io.galerne.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Detects that the reader of a pipe on standard output is gone, without writing to the pipe, with
/// POSIX's `poll`; Java has no call for that.
public final class ReaderWatch implements AutoCloseable {
  /// The system's message if a pipe has no reader.
  static final String NO_READER = "Broken pipe";

  private static final Logger LOG = LoggerFactory.getLogger(ReaderWatch.class);
  private static final int STANDARD_OUTPUT = 1;

  /// `struct pollfd { int fd; short events; short revents; }`
  private static final int POLLFD_BYTES = 8;

  private static final int REVENTS_OFFSET = 6;

  /// `POLLERR` and `POLLHUP`, the same on Linux and macOS.
  private static final int GONE = 0x08 | 0x10;

  /// Bounds how long a closed watch keeps running; a reader that goes away is noticed at once.
  private static final int WAIT_MILLIS = 500;

  private static final ReaderWatch NONE = new ReaderWatch();

  private volatile boolean closed;

  private ReaderWatch() {}

  /// Returns a watch that watches nothing.
  public static ReaderWatch none() {
    return NONE;
  }

  /// @param ending runs once the reader is gone, unless this was closed before
  static ReaderWatch start(Runnable ending) {
    if (!isPipe()) {
      return NONE;
    }
    ReaderWatch watch = new ReaderWatch();
    Thread.ofPlatform().name("galerne-reader-watch").daemon().start(() -> watch.run(ending));
    return watch;
  }

  /// Returns whether standard output is a pipe or socket; false if the system does not say.
  static boolean isPipe() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private void run(Runnable ending) {
    try {
      if (awaitReaderGone()) {
        ending.run();
      }
    } catch (Throwable e) { // then writing the next line fails
      LOG.debug("Whether standard output has a reader is not known", e);
    }
  }

  @SuppressWarnings("restricted") // calls native code: that is its purpose
  private boolean awaitReaderGone() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle poll =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("poll"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pollfd = arena.allocate(POLLFD_BYTES, Integer.BYTES);
      pollfd.set(ValueLayout.JAVA_INT, 0, STANDARD_OUTPUT);
      while (!closed) {
        int ready = (int) poll.invokeExact(pollfd, 1L, WAIT_MILLIS);
        if (ready > 0) {
          return !closed && (pollfd.get(ValueLayout.JAVA_SHORT, REVENTS_OFFSET) & GONE) != 0;
        }
      }
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
