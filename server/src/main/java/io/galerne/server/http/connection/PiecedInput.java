package io.galerne.server.http.connection;

import io.galerne.server.http.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Feeds a body to a `ChunkedWriteHandler`, which requests the next piece when the connection has
/// room. While another thread produces a piece, `readChunk` returns null; the handler resumes when
/// the piece is ready. For the connection's event loop.
final class PiecedInput implements ChunkedInput<ByteBuf> {
  private final ChannelHandlerContext ctx;
  private final Reply.Pieces rest;
  private byte @Nullable [] piece;
  private @Nullable Throwable failure;
  private boolean isMaking;
  private boolean closed;
  private long sent;

  /// @param first the beginning of the body
  /// @param rest produces the rest
  PiecedInput(ChannelHandlerContext ctx, byte[] first, Reply.Pieces rest) {
    this.ctx = ctx;
    this.piece = first;
    this.rest = rest;
  }

  @Override
  public @Nullable ByteBuf readChunk(ByteBufAllocator allocator) throws Exception {
    if (failure != null) {
      // part of the body is sent: the connection ends within it
      throw new CompletionException("The rest of an answer could not be produced", failure);
    }
    byte[] ready = piece;
    if (ready != null) {
      piece = null;
      sent += ready.length;
      return Unpooled.wrappedBuffer(ready);
    }
    if (!isMaking) {
      make();
    }
    return null;
  }

  private void make() {
    isMaking = true;
    rest.next()
        .whenComplete((made, error) ->
            ctx.executor()
                .execute(() -> {
                  isMaking = false;
                  piece = made;
                  failure = error;
                  ChunkedWriteHandler handler = ctx.pipeline().get(ChunkedWriteHandler.class);
                  if (!closed && handler != null) {
                    handler.resumeTransfer();
                  }
                }));
  }

  @Override
  public boolean isEndOfInput() {
    return piece == null && failure == null && !isMaking && rest.isComplete();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface still requires it
  public @Nullable ByteBuf readChunk(ChannelHandlerContext context) throws Exception {
    return readChunk(context.alloc());
  }

  @Override
  public long length() {
    return -1;
  }

  @Override
  public long progress() {
    return sent;
  }

  @Override
  public void close() {
    closed = true;
    piece = null;
  }
}
