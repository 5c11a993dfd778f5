package io.galerne.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How a busy loop shares its time.
@Timeout(60)
class TurnsTest {
  private static final int STREAMS = 1_000;
  private static final long TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final List<Long> latencies = new CopyOnWriteArrayList<>();
  private final Turns turns = new Turns(loop, latencies::add);

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void servesARequestBeforeTheLastStreamsTurn() throws Exception {
    AtomicInteger had = new AtomicInteger();
    LinkedBlockingQueue<Integer> hadWhenServed = new LinkedBlockingQueue<>();
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ReferenceCountUtil.release(message);
                    hadWhenServed.add(had.get());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
      client.getOutputStream().write(1);
      assertThat(hadWhenServed.take()).isZero(); // it is connected
      CountDownLatch goOn = new CountDownLatch(1);
      loop.execute(() -> awaitUninterruptibly(goOn));
      loop.execute(() -> {
        for (int i = 0; i < STREAMS; i++) {
          turns.add(() -> {
            spin();
            had.incrementAndGet();
          });
        }
      });
      client.getOutputStream().write(1); // waits in the socket before the first turn
      goOn.countDown();
      assertThat(hadWhenServed.take()).isLessThan(STREAMS / 2);
    }
    await().until(() -> had.get() == STREAMS);
  }

  @Test
  void streamsTakeTurnsInOrderAndMayRequestAnother() throws Exception {
    List<Integer> order = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    loop.execute(() -> {
      for (int i = 0; i < STREAMS; i++) {
        int stream = i;
        turns.add(() -> {
          order.add(stream);
          if (stream == 0) {
            turns.add(() -> {
              order.add(-1);
              done.countDown();
            });
          }
        });
      }
    });
    done.await();
    assertThat(order).hasSize(STREAMS + 1).endsWith(-1);
    assertThat(order.subList(0, STREAMS)).isSorted();
  }

  @Test
  void aFailingStreamTakesNoTurnFromOthers() throws Exception {
    CountDownLatch done = new CountDownLatch(2);
    loop.execute(() -> {
      turns.add(() -> {
        throw new IllegalStateException("on purpose");
      });
      turns.add(done::countDown);
    });
    loop.execute(() -> turns.add(done::countDown));
    done.await();
  }

  @Test
  void aCommitIsSentAfterTheTurnsOfAllItWasOfferedTo() throws Exception {
    long accepted = System.nanoTime();
    CountDownLatch done = new CountDownLatch(1);
    loop.execute(() -> {
      turns.offered(accepted); // to nobody
      for (int i = 0; i < STREAMS; i++) {
        turns.add(TurnsTest::spin);
      }
      turns.offered(accepted);
      turns.add(() -> turns.add(done::countDown));
    });
    done.await();
    await().until(() -> !latencies.isEmpty());
    assertThat(latencies).hasSize(1);
    assertThat(latencies.getFirst()).isGreaterThan(STREAMS * TURN_NANOS);
  }

  private static void spin() {
    long end = System.nanoTime() + TURN_NANOS;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
