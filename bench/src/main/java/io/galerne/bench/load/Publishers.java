package io.galerne.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Keep-alive HTTP/1.1 connections that publish, one request at a time each, all on one event loop.
///
/// At a fixed rate ([#atRate]) the load is an open loop: a request and its event carry the intended
/// time of sending, even if no connection was free then, so that a stalling server cannot hide the
/// delay. As fast as possible ([#requests], [#during]), every connection sends when it has its
/// answer.
///
/// One run at a time. The fields of a run belong to the event loop.
public final class Publishers implements AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);

  /// The result of a run.
  ///
  /// @param elapsed the time from the first request to the last answer
  public record Published(long events, Duration elapsed) {
    public double eventsPerSecond() {
      return events * 1e9 / elapsed.toNanos();
    }
  }

  private final EventLoop loop;
  private final EventRequests requests;
  private final List<Channel> channels = new ArrayList<>();
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private @Nullable Run run;

  private Publishers(EventLoop loop, EventRequests requests) {
    this.loop = loop;
    this.requests = requests;
  }

  /// Connects; blocks until all connections are open.
  public static Publishers connect(
      EventLoop loop, InetSocketAddress server, int connections, EventRequests requests) {
    Publishers publishers = new Publishers(loop, requests);
    for (int i = 0; i < connections; i++) {
      Channel channel =
          new Bootstrap()
              .group(loop)
              .channel(EpollSocketChannel.class)
              .option(ChannelOption.TCP_NODELAY, true)
              .option(
                  ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(CONNECT_WITHIN.toMillis()))
              .handler(publishers.new Connection())
              .connect(server)
              .syncUninterruptibly()
              .channel();
      publishers.channels.add(channel);
    }
    return publishers;
  }

  /// Sends `perSecond` requests a second for `duration`, and waits for all answers.
  ///
  /// @throws IllegalStateException if a request is refused or a connection breaks
  public Published atRate(double perSecond, Duration duration) {
    long count = Math.max(1, Math.round(perSecond * duration.toNanos() / 1e9));
    return await(new Run(count, Long.MAX_VALUE, 1e9 / perSecond), duration.plusSeconds(60));
  }

  /// Sends `count` requests, as fast as the connections can.
  ///
  /// @throws IllegalStateException if a request is refused or a connection breaks, or it takes
  ///     longer than `limit`
  public Published requests(long count, Duration limit) {
    return await(new Run(count, Long.MAX_VALUE, 0), limit);
  }

  /// Sends for `duration`, as fast as the connections can.
  ///
  /// @throws IllegalStateException if a request is refused or a connection breaks
  public Published during(Duration duration) {
    return await(
        new Run(Long.MAX_VALUE, Clock.now() + duration.toNanos(), 0), duration.plusSeconds(60));
  }

  /// A run in the background.
  public interface Running {
    /// Waits for its end; see [#during].
    Published await();
  }

  /// Begins to send for `duration`, as fast as the connections can.
  public Running begin(Duration duration) {
    Run next = new Run(Long.MAX_VALUE, Clock.now() + duration.toNanos(), 0);
    start(next);
    return () -> result(next, duration.plusSeconds(60));
  }

  private Published await(Run next, Duration limit) {
    start(next);
    return result(next, limit);
  }

  private void start(Run next) {
    loop.execute(() -> {
      run = next;
      next.start();
    });
  }

  private static Published result(Run next, Duration limit) {
    try {
      return next.done.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failure) {
      throw new IllegalStateException("publishing failed", failure.getCause());
    } catch (TimeoutException late) {
      throw new IllegalStateException("publishing took longer than " + limit, late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while publishing", interrupted);
    }
  }

  @Override
  public void close() {
    loop.submit(() -> run = null).syncUninterruptibly();
    for (Channel channel : channels) {
      channel.close().syncUninterruptibly();
    }
  }

  /// One run. Ends when all of its requests are answered.
  private final class Run {
    private final CompletableFuture<Published> done = new CompletableFuture<>();
    private final long count;
    private final long until;
    private final double interval;
    private long startedAt;
    private long sent;
    private long answered;
    // Whether the event loop will call [#alarm] at the next intended sending.
    private boolean alarmed;

    /// @param until the time after which no more are sent
    /// @param interval the nanoseconds between intended requests; 0 for none
    Run(long count, long until, double interval) {
      this.count = count;
      this.until = until;
      this.interval = interval;
    }

    void start() {
      startedAt = Clock.now();
      send();
    }

    private long intended(long request) {
      return startedAt + (long) (request * interval);
    }

    /// Sends due requests on free connections.
    void send() {
      long now = Clock.now();
      while (!idle.isEmpty() && sent < count && now < until) {
        long time = interval == 0 ? now : intended(sent);
        if (time > now) {
          break;
        }
        idle.remove().send(time);
        sent++;
      }
      if (!alarmed && sent < count && intended(sent) > now) {
        alarmed = true;
        var _ = loop.schedule(this::alarm, intended(sent) - now, TimeUnit.NANOSECONDS);
      }
    }

    private void alarm() {
      alarmed = false;
      send();
    }

    void answered() {
      long now = Clock.now();
      answered++;
      if (answered == sent && (sent == count || now >= until)) {
        finish(now);
      } else if (interval == 0 || now >= intended(sent)) {
        send();
      }
    }

    private void finish(long now) {
      run = null;
      Duration elapsed = Duration.ofNanos(now - startedAt);
      done.complete(new Published(answered * requests.events(), elapsed));
    }
  }

  private final class Connection extends ChannelInboundHandlerAdapter {
    private final HttpAnswer answer = new HttpAnswer();
    private @Nullable ChannelHandlerContext context;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      context = ctx;
      idle.add(this);
    }

    void send(long time) {
      ChannelHandlerContext ctx = context;
      if (ctx != null) {
        var _ = ctx.writeAndFlush(requests.next(ctx.alloc(), time), ctx.voidPromise());
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf part = (ByteBuf) message;
      try {
        if (answer.take(part)) {
          idle.add(this);
          Run current = run;
          if (current != null) {
            current.answered();
          }
        }
      } finally {
        part.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      fail(new IllegalStateException("the server closed a publisher's connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(cause);
    }

    private void fail(Throwable cause) {
      Run current = run;
      if (current != null) {
        current.done.completeExceptionally(cause);
      }
    }
  }
}
