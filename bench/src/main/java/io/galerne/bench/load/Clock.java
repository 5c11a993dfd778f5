package io.galerne.bench.load;

/// Wall-clock time that only ever moves forward, in nanoseconds since 1970: 19 digits until the
/// year 2286, so that it has a fixed place in a [Template]. Publishers and readers share it, as they
/// run in one JVM.
public final class Clock {
  private static final long START = System.currentTimeMillis() * 1_000_000L - System.nanoTime();

  private Clock() {}

  public static long now() {
    return START + System.nanoTime();
  }
}
