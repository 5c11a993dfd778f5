package io.galerne.server.http.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The end of a server, as its connections see it: from its beginning on, each ends after the answer
/// that is under way, or after the grace period if no request arrives. Their handlers learn of it by
/// this as an event. Safe for use by several threads.
public final class Shutdown {
  /// How long a connection that the server has ended waits for the client to end it, too.
  private static final long LINGER_MILLIS = 1_000;

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

  /// Ends our side of a connection, and all of it a little later. Whoever handles it reads on
  /// meanwhile: data that is not read would make the client lose the last answer.
  static void endSide(ChannelHandlerContext ctx) {
    if (ctx.pipeline().get(SslHandler.class) == null
        && ctx.channel() instanceof DuplexChannel socket) {
      socket.shutdownOutput();
      ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      ctx.close(); // TLS says so itself
    }
  }
}
