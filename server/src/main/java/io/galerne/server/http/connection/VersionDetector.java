package io.galerne.server.http.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;

/// Tells by the first bytes of a connection whether its client speaks HTTP/2: it then begins with a
/// preface that is no request of HTTP/1.1. With TLS or without: clients that agreed on HTTP/2 send it
/// too. The first handler of a connection, apart from TLS; those of HTTP/1.1 follow.
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
        ctx.pipeline().remove(this); // which hands on what was read
        return;
      }
    }
    if (known == PREFACE.readableBytes()) {
      Http2Connection.takeOver(ctx, shared);
      ctx.pipeline().remove(this);
    }
  }
}
