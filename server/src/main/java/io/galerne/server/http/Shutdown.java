package io.galerne.server.http;

import java.time.Duration;

/// The end of a server, as its connections see it: from its beginning on, each ends after the answer
/// that is under way, or after the grace period if no request arrives. Safe for use by several threads.
public final class Shutdown {
  private final Duration grace;
  private volatile boolean begun;

  /// @param grace how long connections without a request stay open
  public Shutdown(Duration grace) {
    this.grace = grace;
  }

  /// Whether the server takes no new work.
  public boolean hasBegun() {
    return begun;
  }

  void begin() {
    begun = true;
  }

  long graceNanos() {
    return grace.toNanos();
  }
}
