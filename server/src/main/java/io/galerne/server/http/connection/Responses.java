package io.galerne.server.http.connection;

import io.galerne.server.http.Reply;
import io.galerne.server.live.SendBudget;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes the responses of one connection. A large body goes to the socket in pieces, each when
/// there is room: unsent bytes count against the [SendBudget]. For the connection's event loop.
final class Responses {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// The `Date` of this second, shared by thousands of answers.
  private static volatile DateOfSecond lastDate = new DateOfSecond(0, DATE.format(Instant.EPOCH));

  private record DateOfSecond(long second, String text) {}

  private final HttpServer.Shared shared;
  private final SendBudget.Share share;
  private final Runnable onProgress;

  /// @param onProgress runs whenever the client has taken more of a large answer
  Responses(HttpServer.Shared shared, Channel channel, Runnable onProgress) {
    this.shared = shared;
    this.share = shared.live().budget().share(channel);
    this.onProgress = onProgress;
  }

  /// Updates the count of unsent bytes. Call it after an answer is written or sent, and
  /// periodically.
  void countUnsent() {
    share.update();
  }

  /// Stops counting: the connection has ended, or a stream counts its unsent bytes.
  void release() {
    share.release();
  }

  /// Sends `100 Continue` to a client that waits for it before it sends its body.
  void sendContinue(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
  }

  /// Writes a complete answer.
  ///
  /// @return done when the socket has taken all of it
  ChannelFuture send(ChannelHandlerContext ctx, Exchange exchange, Reply.Full reply) {
    prepare(exchange);
    HttpResponse response = head(exchange, reply.status(), reply.contentType());
    reply.headers().forEach(response.headers()::set);
    if (!reply.contentType().isEmpty()) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    }
    HttpUtil.setKeepAlive(response, exchange.keepsAlive());
    count(exchange, reply.status());
    if (exchange.isHead() || reply.body().length <= SendBudget.PIECE_BYTES) {
      return ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              response.protocolVersion(),
              response.status(),
              exchange.isHead() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body()),
              response.headers(),
              EmptyHttpHeaders.INSTANCE));
    }
    ctx.write(response, ctx.voidPromise());
    ByteArrayInputStream body = new ByteArrayInputStream(reply.body());
    return sendInPieces(ctx, new HttpChunkedInput(new ChunkedStream(body, SendBudget.PIECE_BYTES)));
  }

  /// Writes an answer whose body is produced while it is sent.
  ///
  /// @return done when the socket has taken all of it
  ChannelFuture send(ChannelHandlerContext ctx, Exchange exchange, Reply.Pieced reply) {
    prepare(exchange);
    HttpResponse response = head(exchange, HttpResponseStatus.OK, reply.contentType());
    if (exchange.isHttp11()) {
      response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else {
      exchange.endConnection(); // the end of the body is the end of the connection
    }
    HttpUtil.setKeepAlive(response, exchange.keepsAlive());
    count(exchange, HttpResponseStatus.OK);
    ctx.write(response, ctx.voidPromise());
    if (exchange.isHead()) {
      return ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    PiecedInput input = new PiecedInput(ctx, reply.first(), reply.rest());
    return sendInPieces(ctx, new HttpChunkedInput(input));
  }

  private ChannelFuture sendInPieces(ChannelHandlerContext ctx, HttpChunkedInput body) {
    if (ctx.pipeline().get(ChunkedWriteHandler.class) == null) {
      ctx.pipeline().addBefore(ctx.name(), null, new ChunkedWriteHandler());
    }
    ChannelProgressivePromise sent = ctx.newProgressivePromise();
    ctx.writeAndFlush(body, sent);
    return sent.addListener(new Progress());
  }

  private final class Progress implements ChannelProgressiveFutureListener {
    @Override
    public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
      countUnsent();
      onProgress.run();
    }

    @Override
    public void operationComplete(ChannelProgressiveFuture future) {
      countUnsent();
    }
  }

  /// Answers a `HEAD` request for a stream.
  ///
  /// @return done when the socket has taken all of it
  ChannelFuture sendHeadAlone(ChannelHandlerContext ctx, Exchange exchange, Reply.Stream reply) {
    prepare(exchange);
    sendHead(ctx, exchange, reply);
    return ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /// Writes the head of a stream's response. What follows is written raw.
  void beginStream(ChannelHandlerContext ctx, Exchange exchange, Reply.Stream reply) {
    sendHead(ctx, exchange, reply);
    if (ctx.pipeline().get(ChunkedWriteHandler.class) != null) {
      ctx.pipeline().remove(ChunkedWriteHandler.class);
    }
  }

  /// Writes the head of a stream's response. A chunked one does not announce the end of the
  /// connection, even if it ends: Node.js before 24 would take a torn stream for a complete one.
  private void sendHead(ChannelHandlerContext ctx, Exchange exchange, Reply.Stream reply) {
    HttpResponse response = head(exchange, HttpResponseStatus.OK, "text/event-stream");
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform");
    headers.set("X-Accel-Buffering", "no");
    if (exchange.isHttp11()) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    reply.headers().forEach(headers::set);
    count(exchange, HttpResponseStatus.OK);
    ctx.writeAndFlush(response);
  }

  private void prepare(Exchange exchange) {
    if (shared.shutdown().hasBegun()) {
      exchange.endConnection();
    }
    share.fit();
  }

  private HttpResponse head(Exchange exchange, HttpResponseStatus status, String contentType) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.DATE, date(Instant.now()));
    if (!contentType.isEmpty()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
    }
    headers.set(Exchange.ID_HEADER, exchange.requestId());
    shared.cors().apply(exchange.request().headers(), headers);
    return response;
  }

  private static String date(Instant now) {
    DateOfSecond known = lastDate;
    if (known.second() != now.getEpochSecond()) {
      known = new DateOfSecond(now.getEpochSecond(), DATE.format(now));
      lastDate = known;
    }
    return known.text();
  }

  private void count(Exchange exchange, HttpResponseStatus status) {
    shared.metrics().answered(exchange.operation(), status.code());
  }
}
