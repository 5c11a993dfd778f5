package io.galerne.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;

/// The HTTP framing of a stream. Its bytes come as whole HTTP/1.1 chunks, which readers of that
/// version share unchanged; other versions strip the chunk framing.
public enum Framing {
  /// HTTP/1.1: chunks.
  CHUNKS {
    @Override
    void write(ChannelHandlerContext ctx, ByteBuf chunks) {
      ctx.write(chunks, ctx.voidPromise());
    }

    @Override
    ChannelFuture end(ChannelHandlerContext ctx) {
      return ctx.writeAndFlush(Frames.LAST_CHUNK.duplicate());
    }
  },

  /// HTTP/1.0: the data, up to the end of the connection.
  DATA {
    @Override
    void write(ChannelHandlerContext ctx, ByteBuf chunks) {
      ctx.write(dataOf(chunks), ctx.voidPromise());
    }

    @Override
    ChannelFuture end(ChannelHandlerContext ctx) {
      return ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }
  },

  /// HTTP/2: DATA frames.
  FRAMES {
    @Override
    void write(ChannelHandlerContext ctx, ByteBuf chunks) {
      var _ = ctx.write(new DefaultHttp2DataFrame(dataOf(chunks)));
    }

    @Override
    ChannelFuture end(ChannelHandlerContext ctx) {
      return ctx.writeAndFlush(new DefaultHttp2DataFrame(true));
    }
  };

  /// Writes chunks, and releases them.
  abstract void write(ChannelHandlerContext ctx, ByteBuf chunks);

  /// Writes the end of a complete stream, and flushes.
  abstract ChannelFuture end(ChannelHandlerContext ctx);

  /// The data of chunks, without their framing. Takes ownership of `chunks`.
  static ByteBuf dataOf(ByteBuf chunks) {
    CompositeByteBuf all = null;
    ByteBuf first = null;
    while (chunks.isReadable()) {
      int lineEnd = chunks.bytesBefore((byte) '\r');
      int size = 0;
      for (int i = 0; i < lineEnd; i++) {
        size = size << 4 | Character.digit(chunks.readByte(), 16);
      }
      chunks.skipBytes(2);
      ByteBuf data = chunks.readRetainedSlice(size);
      chunks.skipBytes(Frames.CHUNK_TAIL);
      if (first == null) {
        first = data;
      } else {
        if (all == null) {
          all = Unpooled.compositeBuffer(Integer.MAX_VALUE).addComponent(true, first);
        }
        all.addComponent(true, data);
      }
    }
    chunks.release();
    return all != null ? all : first != null ? first : Unpooled.EMPTY_BUFFER;
  }
}
