package io.galerne.server.live;

import io.netty.channel.EventLoop;

/// What happens on streams, for whoever counts it. Called on event loops; must be quick.
public interface LiveMeter {
  /// Frames were written: `events` of them, `bytes` in all.
  void written(int events, long bytes);

  /// The time from the moment the oldest event of a commit was accepted until its frames were
  /// handed to the sockets of one loop.
  void latency(long nanos);

  /// What one loop has: streams that are live, streams that are behind, and how many sequences the
  /// last of these is behind.
  void seen(EventLoop loop, int live, int behind, long lag);
}
