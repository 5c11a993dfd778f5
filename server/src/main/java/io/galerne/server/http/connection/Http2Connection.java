package io.galerne.server.http.connection;

import io.galerne.server.live.Framing;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/// An HTTP/2 connection. Each request is a channel of its own with its own [Connection]: unread
/// data of one waits there and does not slow down the others. This handler manages the connection
/// that they share.
final class Http2Connection extends ChannelInboundHandlerAdapter {
  /// Limit of resets per window, each way. Readers that leave reset their streams, and a page full
  /// of them may close at once; many more are an attack, because a reset costs the server work and
  /// its sender none. Our own resets refuse requests or end those of clients that do not read.
  private static final int MOST_RESETS = 10_000;

  private static final int RESETS_SECONDS = 30;

  /// Number of flushes combined into one while many streams send.
  private static final int FLUSHES_AT_ONCE = 256;

  /// How long a closing connection waits for answers in progress.
  private static final long DRAIN_MILLIS = 5_000;

  private static final Http2StreamFrameToHttpObjectCodec REQUESTS =
      new Http2StreamFrameToHttpObjectCodec(true);

  private final Http2FrameCodec frames;
  private final HttpServer.Shared shared;

  private Http2Connection(Http2FrameCodec frames, HttpServer.Shared shared) {
    this.frames = frames;
    this.shared = shared;
  }

  /// Switches a connection from HTTP/1.1 to HTTP/2.
  ///
  /// @param detector the handlers go after it; it then forwards what it has read
  static void takeOver(ChannelHandlerContext detector, HttpServer.Shared shared) {
    ChannelPipeline pipeline = detector.pipeline();
    Http1Pipeline.removeFrom(pipeline);
    Http2FrameCodec frames =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(shared.maxConnections())
                    .maxHeaderListSize(RequestHead.MOST_LINE_BYTES + RequestHead.MOST_HEADER_BYTES))
            .decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESETS_SECONDS)
            .encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESETS_SECONDS)
            .gracefulShutdownTimeoutMillis(DRAIN_MILLIS)
            .build();
    pipeline.addLast(
        new IdleStateHandler(0, 0, Deadline.IDLE.toSeconds(), TimeUnit.SECONDS),
        new FlushConsolidationHandler(FLUSHES_AT_ONCE, true),
        frames,
        new Http2MultiplexHandler(new Requests(shared)),
        new Http2Connection(frames, shared));
    // each request limits its reads by its flow-control window, not by the socket
    pipeline.channel().config().setAutoRead(true);
    shared.shutdown().tell(pipeline);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      frames.gracefulShutdownTimeoutMillis(0); // a half-closed client is gone
      ctx.close();
    } else if (event instanceof IdleStateEvent && frames.connection().numActiveStreams() == 0) {
      ctx.close();
    } else if (event instanceof Shutdown) {
      drain(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // disconnected, or not HTTP/2
  }

  /// Ends the connection during shutdown: sends GOAWAY, answers requests that are in progress or
  /// arrive within the grace period, and closes.
  private void drain(ChannelHandlerContext ctx) {
    DefaultHttp2GoAwayFrame goAway = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
    goAway.setExtraStreamIds(Integer.MAX_VALUE);
    ctx.writeAndFlush(goAway);
    var _ =
        ctx.executor()
            .schedule(() -> ctx.close(), shared.shutdown().graceNanos(), TimeUnit.NANOSECONDS);
  }

  /// Adds the handlers of each request.
  private static final class Requests extends ChannelInitializer<Channel> {
    private final HttpServer.Shared shared;

    private Requests(HttpServer.Shared shared) {
      this.shared = shared;
    }

    @Override
    protected void initChannel(Channel stream) {
      if (!shared.admit(stream)) {
        stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
        return;
      }
      stream.config().setAutoRead(false);
      stream.pipeline().addLast(REQUESTS, new Connection(shared, Framing.FRAMES, stream));
    }
  }
}
