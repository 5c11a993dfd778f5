package io.galerne.server.http.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The server's shutdown, as its connections see it. Once it has begun, each ends after its answer
/// in progress, or after the grace period if no request arrives. Their handlers receive this object
/// as a user event. Thread-safe.
public final class Shutdown {
  /// How long a half-closed connection waits for the client to close it.
  private static final long LINGER_MILLIS = 1_000;

  private final Duration grace;
  private volatile boolean begun;

  /// @param grace how long idle connections stay open
  public Shutdown(Duration grace) {
    this.grace = grace;
  }

  /// Whether the server is stopping.
  public boolean hasBegun() {
    return begun;
  }

  /// Begins the shutdown and notifies open connections.
  void begin(Iterable<Channel> open) {
    begun = true;
    open.forEach(connection -> tell(connection.pipeline()));
  }

  /// Notifies a new connection, which [#begin] may have missed.
  void tell(ChannelPipeline connection) {
    if (begun) {
      connection.fireUserEventTriggered(this);
    }
  }

  long graceNanos() {
    return grace.toNanos();
  }

  /// Half-closes a connection, and closes it a little later. Its handler must continue reading
  /// meanwhile: unread data would make the client lose the last answer.
  static void endSide(ChannelHandlerContext ctx) {
    if (ctx.pipeline().get(SslHandler.class) == null
        && ctx.channel() instanceof DuplexChannel socket) {
      socket.shutdownOutput();
      ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      ctx.close(); // TLS sends its own close_notify
    }
  }
}
