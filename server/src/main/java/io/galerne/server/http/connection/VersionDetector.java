package io.galerne.server.http.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;

/// Detects by the connection preface whether the client speaks HTTP/2, with or without TLS. The
/// first handler of a connection after TLS; those of HTTP/1.1 follow.
final class VersionDetector extends ByteToMessageDecoder {
  private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

  private final HttpServer.Shared shared;

  VersionDetector(HttpServer.Shared shared) {
    this.shared = shared;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int known = Math.min(in.readableBytes(), PREFACE.readableBytes());
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE.getByte(i)) {
        ctx.pipeline().remove(this); // which forwards what was read
        return;
      }
    }
    if (known == PREFACE.readableBytes()) {
      Http2Connection.takeOver(ctx, shared);
      ctx.pipeline().remove(this);
    }
  }
}
