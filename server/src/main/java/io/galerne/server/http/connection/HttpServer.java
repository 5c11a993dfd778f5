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

/// Listens, and gives every connection its handlers. Started and ended by
/// [io.galerne.server.GalerneServer].
public final class HttpServer {
  /// How long one step of stopping may take.
  private static final long DRAIN_STEP_MILLIS = 1_000;

  /// Connections that the kernel accepts for us in a burst.
  private static final int BACKLOG = 4096;

  /// What the kernel takes of an answer before it can send it. Without a bound it takes megabytes for
  /// each client that does not read, until it has no memory for the connections of others.
  private static final long MOST_UNSENT_IN_KERNEL = 128 * 1024;

  /// What all connections share.
  ///
  /// @param maxBodyBytes largest request body
  /// @param connections those that are open, and the requests of HTTP/2 that are under way
  /// @param maxConnections most of these
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
    /// @return false if there are as many as there may be
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
  /// @throws IOException if the address cannot be listened on
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

  /// The address that it listens on.
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /// Refuses new connections, and lets the requests on those that are open be answered, also those
  /// that arrive within the grace period. No request is refused: a client that cannot connect knows
  /// that nothing was taken.
  public void drain() {
    listening.close().awaitUninterruptibly(DRAIN_STEP_MILLIS);
    shared.shutdown().begin(connections);
  }

  /// How many connections are open.
  public int connections() {
    return connections.size();
  }

  /// Cuts what is still open.
  public void closeAll() {
    connections.close().awaitUninterruptibly(DRAIN_STEP_MILLIS);
  }

  private final class Handlers extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (!shared.admit(channel)) {
        channel.close(); // its client gets no answer, which costs less than one
        return;
      }
      parts.tls().ifPresent(tls -> channel.pipeline().addLast(tls.newHandler(channel.alloc())));
      channel.pipeline().addLast(new VersionDetector(shared));
      Http1Pipeline.addTo(channel.pipeline(), shared);
      shared.shutdown().tell(channel.pipeline());
    }
  }
}
