package io.galerne.server.live;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/// The memory budget for unsent bytes on all connections, of lists and streams. A stalled
/// connection keeps the bytes it was last given, so the more bytes wait, the less each connection
/// is given. Thread-safe.
///
/// | waiting in all | a connection is given |
/// |---|---|
/// | below a quarter of the limit | up to [#PIECE_BYTES] at a time, and 64 KiB may wait |
/// | more | up to [#TIGHT_PIECE_BYTES] at a time, and 16 KiB may wait |
/// | over the limit | lists are refused with 503, and connections that have taken nothing for [#STALLED_SECONDS] are closed: their clients can resume |
public final class SendBudget {
  /// Large enough to keep a fast reader busy, small enough for thousands of slow ones.
  public static final int PIECE_BYTES = 64 * 1024;

  public static final int TIGHT_PIECE_BYTES = 16 * 1024;

  /// Longest time without progress of a connection once the budget is used up.
  public static final long STALLED_SECONDS = 10;

  /// Unsent bytes at which a connection counts as full.
  public static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(PIECE_BYTES / 2, PIECE_BYTES);

  private static final WriteBufferWaterMark TIGHT_WATER_MARK =
      new WriteBufferWaterMark(TIGHT_PIECE_BYTES / 2, TIGHT_PIECE_BYTES);

  private final long limit;
  private final AtomicLong waiting = new AtomicLong();

  /// Half of the limit of direct memory, or of the heap's if that is less.
  SendBudget() {
    this(Math.min(PlatformDependent.maxDirectMemory(), Runtime.getRuntime().maxMemory()) / 2);
  }

  SendBudget(long limit) {
    this.limit = limit;
  }

  /// The number of unsent bytes.
  public long waiting() {
    return waiting.get();
  }

  /// Whether room is short, so that each connection is given less.
  boolean isTight() {
    return waiting.get() > limit / 4;
  }

  /// Whether there is no room left.
  public boolean isUsedUp() {
    return waiting.get() > limit;
  }

  /// The number of bytes to give a connection at a time.
  public int pieceBytes() {
    return isTight() ? TIGHT_PIECE_BYTES : PIECE_BYTES;
  }

  /// The share of one connection.
  public Share share(Channel channel) {
    return new Share(channel);
  }

  /// The unsent bytes of one connection. For its event loop.
  public final class Share {
    private final Channel channel;
    private long counted;
    private boolean tight;

    private Share(Channel channel) {
      this.channel = channel;
    }

    /// Adjusts the connection's water mark to the budget. Call it before a write.
    public void fit() {
      if (tight != isTight()) {
        tight = !tight;
        channel.config().setWriteBufferWaterMark(tight ? TIGHT_WATER_MARK : WATER_MARK);
      }
    }

    /// Updates the count of unsent bytes. Call it after a write, and periodically.
    ///
    /// @return whether the count has changed
    public boolean update() {
      ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
      return count(buffer == null ? waitingOnStream() : buffer.totalPendingWriteBytes());
    }

    /// The unsent bytes of an HTTP/2 stream, which has no buffer of its own.
    private long waitingOnStream() {
      if (!(channel instanceof Http2StreamChannel) || !channel.isActive()) {
        return 0;
      }
      WriteBufferWaterMark mark = channel.config().getWriteBufferWaterMark();
      return channel.isWritable()
          ? mark.high() + 1 - channel.bytesBeforeUnwritable()
          : mark.low() - 1 + channel.bytesBeforeWritable();
    }

    /// Stops counting: the connection has ended, or another share counts it.
    public void release() {
      count(0);
    }

    private boolean count(long now) {
      if (now == counted) {
        return false;
      }
      waiting.addAndGet(now - counted);
      counted = now;
      return true;
    }
  }
}
