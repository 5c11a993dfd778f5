package io.galerne.server.http.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;

/// Forwards one HTTP/1.1 request at a time: the next one when a read requests it. Until then, later
/// requests wait here. A read takes little, but when a client half-closes, the rest of what it sent
/// arrives at once.
final class RequestQueue extends ChannelDuplexHandler {
  /// Limit of bytes buffered of later requests.
  private static final long MOST_BYTES = 256 * 1024;

  private final ArrayDeque<Object> waiting = new ArrayDeque<>(1);
  private long bytes;
  private boolean wanted;

  /// Whether requests waited when this handler was removed.
  private boolean more;

  private boolean handingOn;

  /// Whether no later request is buffered; also valid after removal.
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

  /// Keeps the end of the client's side in order, after its requests.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !waiting.isEmpty()) {
      waiting.add(event);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  /// Forwards what was requested. A request that is answered at once requests the next one while
  /// this runs.
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
