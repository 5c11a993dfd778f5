package io.galerne.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An HTTP/2 connection without TLS, with prior knowledge. Its requests share it, and each controls
/// its own reads. Thread-safe.
public final class Http2Client implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  /// The bytes that a request may be sent before it reads them.
  private static final int WINDOW = 64 * 1024;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel connection;

  /// Requests whose answers may not be read completely: their buffers must be released.
  private final ChannelGroup requests = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  private final CompletableFuture<Void> goAway = new CompletableFuture<>();

  private Http2Client(URI server) {
    try {
      connection =
          new Bootstrap()
              .group(loops)
              .channel(NioSocketChannel.class)
              .handler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel
                          .pipeline()
                          .addLast(
                              Http2FrameCodecBuilder.forClient()
                                  .initialSettings(
                                      Http2Settings.defaultSettings()
                                          .pushEnabled(false)
                                          .initialWindowSize(WINDOW))
                                  .gracefulShutdownTimeoutMillis(0)
                                  .build(),
                              new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                              new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelRead(ChannelHandlerContext ctx, Object frame) {
                                  if (frame instanceof Http2GoAwayFrame) {
                                    goAway.complete(null);
                                  }
                                  ReferenceCountUtil.release(frame);
                                }
                              });
                    }
                  })
              .connect(server.getHost(), server.getPort())
              .sync()
              .channel();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public static Http2Client to(URI server) {
    return new Http2Client(server);
  }

  /// Enlarges the connection's window, so that unread data of one request takes no room from the
  /// others.
  public Http2Client withRoomFor(int bytes) {
    connection
        .eventLoop()
        .submit(() -> {
          Http2Connection http2 = connection.pipeline().get(Http2FrameCodec.class).connection();
          http2.local().flowController().incrementWindowSize(http2.connectionStream(), bytes);
          connection.flush();
          return null;
        })
        .syncUninterruptibly();
    return this;
  }

  public Answer get(String target, String... headers) {
    return send("GET", target, "", headers);
  }

  public Answer post(String target, String body) {
    return send("POST", target, body);
  }

  /// Sends a request with that method, body and headers: alternating names and values.
  public Answer send(String method, String target, String body, String... headers) {
    Answer answer = new Answer();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection)
            .option(ChannelOption.AUTO_READ, false)
            .handler(answer)
            .open()
            .syncUninterruptibly()
            .getNow();
    requests.add(stream);
    Http2Headers head =
        new DefaultHttp2Headers().method(method).path(target).scheme("http").authority("test");
    for (int i = 0; i < headers.length; i += 2) {
      head.add(headers[i].toLowerCase(Locale.ROOT), headers[i + 1]);
    }
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, body.isEmpty()));
    if (!body.isEmpty()) {
      stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(body, UTF_8), true));
    }
    return answer;
  }

  /// Waits for the server's GOAWAY.
  public void awaitGoAway() {
    goAway.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /// Waits until the server closes the connection.
  public void awaitEnd() {
    if (!connection.closeFuture().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("The connection is still open");
    }
  }

  @Override
  public void close() {
    requests.close().awaitUninterruptibly();
    connection.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /// One request and its answer, which arrives only as fast as it is read.
  public static final class Answer extends ChannelInboundHandlerAdapter {
    private static final byte[] END = {};
    private static final byte[] CUT = {};

    private final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
    private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
    private final Body body = new Body();
    private volatile @Nullable Channel stream;

    private Answer() {}

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      stream = ctx.channel();
      ctx.read(); // the head
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof Http2HeadersFrame frame) {
          head.complete(frame.headers());
          if (frame.isEndStream()) {
            arrived.add(END);
          }
        } else if (message instanceof Http2DataFrame frame) {
          byte[] bytes = new byte[frame.content().readableBytes()];
          frame.content().readBytes(bytes);
          if (bytes.length > 0) {
            arrived.add(bytes);
          } else if (!frame.isEndStream()) {
            ctx.read();
          }
          if (frame.isEndStream()) {
            arrived.add(END);
          }
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame) {
        arrived.add(CUT);
      }
      ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      arrived.add(CUT); // ignored after the end
      head.completeExceptionally(new AssertionError("The request was reset"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    public int status() {
      return Integer.parseInt(headers().get(":status"));
    }

    /// The headers; none if the request was reset.
    public Map<String, String> headersOrReset() {
      try {
        return headers();
      } catch (CompletionException e) {
        return Map.of();
      }
    }

    /// By lower-case name.
    public Map<String, String> headers() {
      Map<String, String> known = new TreeMap<>();
      head.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join()
          .forEach(entry -> known.put(entry.getKey().toString(), entry.getValue().toString()));
      return known;
    }

    /// The body as it is read; throws an [EOFException] if it was cut.
    public InputStream body() {
      return body;
    }

    /// The whole body.
    public String text() {
      try {
        return new String(body.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// Resets the request.
    public void cancel() {
      Channel open = stream;
      if (open != null) {
        open.close().awaitUninterruptibly();
      }
    }

    private final class Body extends InputStream {
      private byte[] current = {};
      private int at;
      private boolean ended;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (at == current.length && !ended) {
          fetch();
        }
        if (ended) {
          return -1;
        }
        int count = Math.min(length, current.length - at);
        System.arraycopy(current, at, into, offset, count);
        at += count;
        return count;
      }

      private void fetch() throws IOException {
        Channel open = stream;
        if (open != null && arrived.isEmpty()) {
          open.read();
        }
        try {
          byte[] next = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
          if (next == null || next == CUT) {
            throw new EOFException(next == null ? "Nothing comes" : "The answer was cut");
          }
          ended = next == END;
          current = next;
          at = 0;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException();
        }
      }
    }
  }
}
