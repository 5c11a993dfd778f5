package io.galerne.bench.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.bench.load.EventText;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The most events per CPU-second that a server can deliver with one `send(2)` per reader and
/// event, measured by one thread that does nothing else, on loopback sockets.
final class SendLimit implements AutoCloseable {
  private static final byte[] FRAME =
      ("id: 1234567\ndata: " + EventText.DELIVERED + "\n\n").getBytes(UTF_8);

  private final Channel acceptor;
  private final List<Socket> sockets = new ArrayList<>();
  private final ByteBuffer frame = ByteBuffer.allocateDirect(FRAME.length).put(0, FRAME);

  private SendLimit(Channel acceptor) {
    this.acceptor = acceptor;
  }

  /// Connects sockets to one event loop that discards all data.
  static SendLimit connect(EventLoop loop, int count) {
    Channel acceptor =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .childHandler(new Discard())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
    SendLimit limit = new SendLimit(acceptor);
    try {
      for (int i = 0; i < count; i++) {
        Socket socket = Socket.newSocketStream();
        limit.sockets.add(socket);
        socket.setTcpNoDelay(true);
        boolean _ = socket.connect(acceptor.localAddress());
      }
      return limit;
    } catch (IOException e) {
      limit.close();
      throw new UncheckedIOException("cannot connect", e);
    }
  }

  /// Sends to every socket in each of `rounds` rounds a second.
  ///
  /// @return sends per second of the thread's user and system time
  double perCpuSecond(int rounds, Duration duration) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpu = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    long sent = 0;
    for (int round = 0; round < rounds * duration.toSeconds(); round++) {
      long due = start + round * 1_000_000_000L / rounds;
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      for (Socket socket : sockets) {
        send(socket);
        sent++;
      }
    }
    return sent * 1e9 / (threads.getCurrentThreadCpuTime() - cpu);
  }

  private void send(Socket socket) {
    try {
      int sent = 0;
      while (sent < FRAME.length) {
        sent += socket.send(frame, sent, FRAME.length); // 0 while the socket is full
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send", e);
    }
  }

  @Override
  public void close() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close a socket", e);
      }
    }
    acceptor.close().syncUninterruptibly();
  }

  @ChannelHandler.Sharable
  private static final class Discard extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }
  }
}
