package io.galerne.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;

/// The end of a server, as its connections see it: from its beginning on, each ends after the answer
/// that is under way, or after the grace period if no request arrives. Their handlers learn of it by
/// this as an event. Safe for use by several threads.
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

  /// Begins, and tells the connections that are open.
  void begin(Iterable<Channel> open) {
    begun = true;
    open.forEach(connection -> tell(connection.pipeline()));
  }

  /// Tells a connection that has just been set up, and that [#begin] may not have found.
  void tell(ChannelPipeline connection) {
    if (begun) {
      connection.fireUserEventTriggered(this);
    }
  }

  long graceNanos() {
    return grace.toNanos();
  }
}
