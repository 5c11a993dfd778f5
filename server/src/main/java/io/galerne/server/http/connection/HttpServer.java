package io.galerne.server.http.connection;

import io.galerne.server.access.Gate;
import io.galerne.server.http.Routes;
import io.galerne.server.live.Live;
import io.galerne.server.live.SendBudget;
import io.galerne.server.metrics.ServerMetrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;

/// Listens for connections and adds their handlers. Started and stopped by
/// [io.galerne.server.GalerneServer].
public final class HttpServer {
  /// Longest time for one step of the shutdown.
  private static final long DRAIN_STEP_MILLIS = 1_000;

  /// Connections that the kernel queues in a burst.
  private static final int BACKLOG = 4096;

  /// Unsent bytes that the kernel buffers per connection. Without a limit it buffers megabytes for
  /// each client that does not read, until it has no memory for other connections.
  private static final long MOST_UNSENT_IN_KERNEL = 128 * 1024;

  /// What all connections share.
  ///
  /// @param maxBodyBytes largest request body
  /// @param connections open connections, and HTTP/2 requests in progress
  /// @param maxConnections limit of these
  record Shared(
      Routes routes,
      Gate gate,
      Live live,
      ServerMetrics metrics,
      Cors cors,
      BodyBudget budget,
      int maxBodyBytes,
      ChannelGroup connections,
      int maxConnections,
      Shutdown shutdown) {
    /// Counts a connection, or a request of HTTP/2, until it is closed.
    ///
    /// @return false if the limit is reached
    boolean admit(Channel channel) {
      return connections.size() < maxConnections && connections.add(channel);
    }
  }

  private final Shared shared;
  private final HttpParts parts;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listening;

  private HttpServer(HttpParts parts, ServerBootstrap bootstrap, InetSocketAddress address)
      throws IOException {
    this.parts = parts;
    this.shared =
        new Shared(
            parts.routes(),
            parts.gate(),
            parts.live(),
            parts.metrics(),
            new Cors(parts.corsOrigins()),
            new BodyBudget(),
            parts.maxBodyBytes(),
            connections,
            parts.maxConnections(),
            parts.shutdown());
    ChannelFuture bound =
        bootstrap.childHandler(new Handlers()).bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    this.listening = bound.channel();
  }

  /// Listens on that address.
  ///
  /// @param acceptor accepts connections
  /// @param loops serve them
  /// @throws IOException if it cannot listen on the address
  public static HttpServer listen(
      HttpParts parts,
      EventLoopGroup acceptor,
      EventLoopGroup loops,
      Class<? extends ServerChannel> transport,
      InetSocketAddress address)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(acceptor, loops)
            .channel(transport)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, SendBudget.WATER_MARK);
    if (transport == EpollServerSocketChannel.class) {
      bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, MOST_UNSENT_IN_KERNEL);
    }
    return new HttpServer(parts, bootstrap, address);
  }

  /// The address it listens on.
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /// Refuses new connections, and answers requests on open ones, also those that arrive within the
  /// grace period. No request is refused: a client that cannot connect knows that the server took
  /// nothing.
  public void drain() {
    listening.close().awaitUninterruptibly(DRAIN_STEP_MILLIS);
    shared.shutdown().begin(connections);
  }

  /// The number of open connections.
  public int connections() {
    return connections.size();
  }

  /// Closes the connections that are still open.
  public void closeAll() {
    connections.close().awaitUninterruptibly(DRAIN_STEP_MILLIS);
  }

  private final class Handlers extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (!shared.admit(channel)) {
        channel.close(); // without an answer, which is cheaper
        return;
      }
      parts.tls().ifPresent(tls -> channel.pipeline().addLast(tls.newHandler(channel.alloc())));
      channel.pipeline().addLast(new VersionDetector(shared));
      Http1Pipeline.addTo(channel.pipeline(), shared);
      shared.shutdown().tell(channel.pipeline());
    }
  }
}
