package io.galerne.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Many readers of SSE streams on one event loop, which count events and measure the age of each.
///
/// Fields that are not atomic belong to the event loop.
public final class SseReaders implements AutoCloseable {
  /// The number of connections opened at a time, less than any server's backlog.
  private static final int OPENING_AT_ONCE = 100;

  private static final Duration POLL = Duration.ofMillis(1);

  private final EventLoop loop;
  private final InetSocketAddress server;
  private final int count;
  private final IntFunction<String> path;
  private final ChannelGroup channels;
  private final AtomicLong open = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong lastEventAt = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private Histogram ages = newHistogram();
  private int started;

  private SseReaders(
      EventLoop loop, InetSocketAddress server, int count, IntFunction<String> path) {
    this.loop = loop;
    this.server = server;
    this.count = count;
    this.path = path;
    this.channels = new DefaultChannelGroup(loop, true);
  }

  /// Opens streams and waits until the server has answered each.
  ///
  /// @param path path and query of the n-th reader, from 0
  /// @throws IllegalStateException if one is refused, or it takes longer than `limit`
  public static SseReaders open(
      EventLoop loop,
      InetSocketAddress server,
      int count,
      IntFunction<String> path,
      Duration limit) {
    SseReaders readers = new SseReaders(loop, server, count, path);
    loop.execute(() -> {
      for (int i = 0; i < Math.min(OPENING_AT_ONCE, count); i++) {
        readers.openNext();
      }
    });
    try {
      readers.await("open streams", readers.open, count, limit);
      return readers;
    } catch (RuntimeException e) {
      readers.close();
      throw e;
    }
  }

  /// Returns the number of events so far, of all readers.
  public long events() {
    return events.get();
  }

  /// Returns when the last event arrived, by [Clock#now()].
  public long lastEventAt() {
    return lastEventAt.get();
  }

  /// Waits until all readers together have received that many events since they were opened.
  ///
  /// @throws IllegalStateException if a stream breaks, or it takes longer than `limit`
  public void awaitEvents(long total, Duration limit) {
    await("events", events, total, limit);
  }

  /// Returns the ages of events, in nanoseconds, since the opening or the last call.
  public Histogram takeAges() {
    return loop.submit(
            () -> {
              Histogram taken = ages;
              ages = newHistogram();
              return taken;
            })
        .syncUninterruptibly()
        .getNow();
  }

  @Override
  public void close() {
    // From here on, the end of a stream is not a failure.
    failure.set(null);
    loop.submit(() -> started = count).syncUninterruptibly();
    channels.close().syncUninterruptibly();
  }

  private static Histogram newHistogram() {
    return new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
  }

  private void await(String what, AtomicLong reached, long goal, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (reached.get() < goal) {
      Throwable broken = failure.get();
      if (broken != null) {
        throw new IllegalStateException(
            "a reader failed at %d of %d %s".formatted(reached.get(), goal, what), broken);
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "only %d of %d %s within %s".formatted(reached.get(), goal, what, limit));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private void openNext() {
    if (started == count) {
      return;
    }
    Reader reader = new Reader(request(path.apply(started++)));
    var _ =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(reader)
            .connect(server)
            .addListener(connected -> {
              if (!connected.isSuccess()) {
                failure.compareAndSet(null, connected.cause());
              }
            });
  }

  private String request(String target) {
    return "GET %s HTTP/1.1\r\nHost: %s:%d\r\nAccept: text/event-stream\r\n\r\n"
        .formatted(target, server.getAddress().getHostAddress(), server.getPort());
  }

  private void age(long now, long time) {
    ages.recordValue(Math.clamp(now - time, 0, ages.getHighestTrackableValue()));
  }

  private final class Reader extends ChannelInboundHandlerAdapter {
    private final EventScanner scanner = new EventScanner();
    private @Nullable String request;

    Reader(String request) {
      this.request = request;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      channels.add(ctx.channel());
      String text = request;
      if (text != null) {
        var _ = ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(text.getBytes(ISO_8859_1)));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf part = (ByteBuf) message;
      try {
        if (request != null) {
          answered(part);
        }
        long now = Clock.now();
        int found = scanner.scan(part, time -> age(now, time));
        if (found > 0) {
          lastEventAt.lazySet(now);
          events.lazySet(events.get() + found);
        }
      } finally {
        part.release();
      }
    }

    private void answered(ByteBuf part) {
      String text =
          part.toString(part.readerIndex(), Math.min(part.readableBytes(), 400), ISO_8859_1);
      if (!text.startsWith("HTTP/1.1 200")) {
        throw new IllegalStateException(request + " was answered: " + text);
      }
      request = null;
      open.lazySet(open.get() + 1);
      openNext();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      failure.compareAndSet(null, new IllegalStateException("the server closed a stream"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failure.compareAndSet(null, cause);
    }
  }
}
