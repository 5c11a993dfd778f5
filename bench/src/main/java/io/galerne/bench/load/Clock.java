package io.galerne.bench.load;

/// Monotonic wall-clock time in nanoseconds since 1970. It has 19 digits until the year 2286, so it
/// has a fixed width in a [Template]. Publishers and readers share it, because they run in one JVM.
public final class Clock {
  private static final long START = System.currentTimeMillis() * 1_000_000L - System.nanoTime();

  private Clock() {}

  public static long now() {
    return START + System.nanoTime();
  }
}
