package io.galerne.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/// Makes the responses that carry replies, and sends the complete ones.
final class Responses {
  /// As much as may wait on a connection before it counts as full.
  private static final int PIECE_BYTES = 64 * 1024;

  private Responses() {}

  /// The head of a complete answer.
  static HttpResponse head(Reply.Full reply) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, reply.status());
    HttpHeaders headers = response.headers();
    if (!reply.contentType().isEmpty()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
      headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    }
    reply.headers().forEach(headers::set);
    return response;
  }

  /// Sends a complete answer: what is large in pieces, so that it shows how much has been taken.
  ///
  /// @return done once all of it has been taken by the socket
  static ChannelFuture send(ChannelHandlerContext ctx, HttpResponse head, byte[] body) {
    if (body.length <= PIECE_BYTES) {
      return ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              head.protocolVersion(),
              head.status(),
              Unpooled.wrappedBuffer(body),
              head.headers(),
              EmptyHttpHeaders.INSTANCE));
    }
    ctx.write(head, ctx.voidPromise());
    for (int from = 0; from < body.length; from += PIECE_BYTES) {
      int length = Math.min(PIECE_BYTES, body.length - from);
      HttpContent piece = new DefaultHttpContent(Unpooled.wrappedBuffer(body, from, length));
      ctx.write(piece, ctx.voidPromise());
    }
    return ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /// The head of a stream's response. Where it is chunked, it does not announce that the connection
  /// ends, even where it does: Node.js before 24 would take a torn stream for one that ended.
  static HttpResponse stream(Reply.Stream reply) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform");
    headers.set("X-Accel-Buffering", "no");
    if (reply.request().chunked()) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    reply.headers().forEach(headers::set);
    return response;
  }
}
