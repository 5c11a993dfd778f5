package io.galerne.server.http.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;

/// Hands on one request of HTTP/1.1 at a time: the next one once a read asks for it. Until
/// then, what has been read of later requests waits here. A read takes little, but the end of a
/// client's side makes the rest of what it sent come at once.
final class RequestQueue extends ChannelDuplexHandler {
  /// What may have been read of the requests after the current one.
  private static final long MOST_BYTES = 256 * 1024;

  private final ArrayDeque<Object> waiting = new ArrayDeque<>(1);
  private long bytes;
  private boolean wanted;

  /// Whether something waited when it was removed.
  private boolean more;

  private boolean handingOn;

  /// Whether nothing was read of a later request; also once it has been removed.
  boolean isEmpty() {
    return !more && waiting.isEmpty();
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    wanted = true;
    handOn(ctx);
    if (wanted && !handingOn) {
      ctx.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    waiting.add(message);
    bytes += message instanceof HttpContent content ? content.content().readableBytes() : 0;
    handOn(ctx);
    if (bytes > MOST_BYTES) {
      ctx.close();
    }
  }

  /// The end of what the client sends comes after its requests.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !waiting.isEmpty()) {
      waiting.add(event);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  /// Hands on what is wanted. A request that is answered at once asks for the next one while this
  /// runs.
  private void handOn(ChannelHandlerContext ctx) {
    if (handingOn) {
      return;
    }
    handingOn = true;
    while (wanted && !waiting.isEmpty()) {
      Object message = waiting.remove();
      if (message instanceof ChannelInputShutdownEvent) {
        ctx.fireUserEventTriggered(message);
      } else {
        wanted = !(message instanceof LastHttpContent);
        ctx.fireChannelRead(message);
      }
    }
    handingOn = false;
    bytes = waiting.isEmpty() ? 0 : bytes;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    more = !waiting.isEmpty();
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }
}
