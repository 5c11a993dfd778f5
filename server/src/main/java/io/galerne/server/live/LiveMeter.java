package io.galerne.server.live;

import io.netty.channel.EventLoop;

/// Receives measurements of streams. Called on event loops; must be fast.
public interface LiveMeter {
  /// Frames were written: `events` of them, `bytes` in all.
  void written(int events, long bytes);

  /// The time from accepting the oldest event of a commit to handing its frames to the sockets of
  /// one loop.
  void latency(long nanos);

  /// The state of one loop: the number of live streams, of streams that are behind, and the largest
  /// lag in sequences.
  void seen(EventLoop loop, int live, int behind, long lag);
}
