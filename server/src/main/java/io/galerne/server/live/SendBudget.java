package io.galerne.server.live;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/// How much memory answers may take while they wait to be sent, on all connections together, lists
/// as well as streams. A connection whose client does not read keeps what it was given last, so the
/// more connections wait, the less each is given. Safe for use by several threads.
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

  /// How long a connection may take nothing once the budget is used up.
  public static final long STALLED_SECONDS = 10;

  /// What may wait to be sent before a connection counts as full.
  public static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(PIECE_BYTES / 2, PIECE_BYTES);

  private static final WriteBufferWaterMark TIGHT_WATER_MARK =
      new WriteBufferWaterMark(TIGHT_PIECE_BYTES / 2, TIGHT_PIECE_BYTES);

  private final long limit;
  private final AtomicLong waiting = new AtomicLong();

  /// A budget of half the memory that buffers may take outside of the heap.
  SendBudget() {
    this(Math.min(PlatformDependent.maxDirectMemory(), Runtime.getRuntime().maxMemory()) / 2);
  }

  SendBudget(long limit) {
    this.limit = limit;
  }

  /// How many bytes wait to be sent.
  public long waiting() {
    return waiting.get();
  }

  /// Whether there is so little room that each connection is given less.
  boolean isTight() {
    return waiting.get() > limit / 4;
  }

  /// Whether there is no room left.
  public boolean isUsedUp() {
    return waiting.get() > limit;
  }

  /// How much to give a connection at a time.
  public int pieceBytes() {
    return isTight() ? TIGHT_PIECE_BYTES : PIECE_BYTES;
  }

  /// The share of one connection.
  public Share share(Channel channel) {
    return new Share(channel);
  }

  /// What waits on one connection. For its event loop.
  public final class Share {
    private final Channel channel;
    private long counted;
    private boolean tight;

    private Share(Channel channel) {
      this.channel = channel;
    }

    /// Fits how much may wait on the connection to the budget. To be called before it is given more.
    public void fit() {
      if (tight != isTight()) {
        tight = !tight;
        channel.config().setWriteBufferWaterMark(tight ? TIGHT_WATER_MARK : WATER_MARK);
      }
    }

    /// Counts what waits now. To be called after a write, and now and then.
    ///
    /// @return whether that has changed
    public boolean update() {
      ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
      return count(buffer == null ? waitingOnStream() : buffer.totalPendingWriteBytes());
    }

    /// What waits on a stream of HTTP/2, which has no buffer of its own.
    private long waitingOnStream() {
      if (!(channel instanceof Http2StreamChannel) || !channel.isActive()) {
        return 0;
      }
      WriteBufferWaterMark mark = channel.config().getWriteBufferWaterMark();
      return channel.isWritable()
          ? mark.high() + 1 - channel.bytesBeforeUnwritable()
          : mark.low() - 1 + channel.bytesBeforeWritable();
    }

    /// Counts nothing any more: the connection has ended, or somebody else counts it.
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
