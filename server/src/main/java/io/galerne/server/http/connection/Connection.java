package io.galerne.server.http.connection;

import io.galerne.server.http.ApiException;
import io.galerne.server.http.Errors;
import io.galerne.server.http.Reply;
import io.galerne.server.live.Framing;
import io.galerne.server.live.OpenStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP/1 connection, or one request of HTTP/2: reads a request, has it answered and reads the
/// next. If a request opens an event stream, the stream takes over the connection; when it ends, a
/// new [Connection] takes it back.
///
/// Handles one request at a time: [RequestQueue] buffers later ones. All fields belong to the event
/// loop's thread.
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /// What the connection waits for. The states follow in this order, and `HEAD` follows `SEND`. A
  /// request whose answer must end the connection leads to one of the last two.
  private enum State {
    /// The head of a request.
    HEAD,
    /// The rest of the request's body.
    BODY,
    /// The operation's reply.
    ANSWER,
    /// The client to take the answer.
    SEND,
    /// The end of an unwanted body, or of the client's side; incoming data is discarded.
    DISCARD,
    /// Nothing more: the connection is about to end, or a stream has taken it over.
    DONE
  }

  private final HttpServer.Shared shared;
  private final Framing framing;
  private final Responses responses;
  private final Deadline deadline = new Deadline(Deadline.ARRIVAL);
  private State state = State.HEAD;

  /// The request being read or answered, or the last one.
  private @Nullable Exchange current;

  /// Whether the client has half-closed; it may still read.
  private boolean inputEnded;

  /// @param framing framing of its streams, except for HTTP/1.0 clients
  Connection(HttpServer.Shared shared, Framing framing, Channel channel) {
    this.shared = shared;
    this.framing = framing;
    this.responses = new Responses(shared, channel, this::clientTookMore);
  }

  /// Serves requests again after a stream.
  void resume(ChannelHandlerContext ctx) {
    deadline.set(Deadline.IDLE);
    channelActive(ctx);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline.watch(ctx.executor(), () -> checkDeadline(ctx));
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (state == State.HEAD && message instanceof HttpRequest start) {
        begin(ctx, start);
      }
      if (message instanceof HttpContent content && current != null) {
        content(ctx, current, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    readOn(ctx);
  }

  private void readOn(ChannelHandlerContext ctx) {
    if (state != State.HEAD && state != State.BODY && state != State.DISCARD) {
      return;
    }
    if (inputEnded) {
      // the rest of a request will not arrive; earlier answers are sent first
      state = State.DONE;
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else {
      ctx.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true; // the client is gone, or it waits for its answer
      if (state == State.ANSWER) {
        deadline.hurry(Deadline.HALF_CLOSED_ANSWER);
      }
      readOn(ctx);
    } else if (event instanceof Shutdown) {
      drain(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest start) {
    if (start.decoderResult().cause() instanceof PrematureChannelClosureException) {
      close(ctx); // half-closed within the head of a request
      return;
    }
    Exchange exchange = new Exchange(start, shared);
    current = exchange;
    deadline.set(Deadline.ARRIVAL);
    try {
      RequestHead.requireFramed(start);
    } catch (ApiException e) {
      endWith(ctx, exchange, e); // the end of the request is unknown
      return;
    }
    state = State.BODY;
    try {
      exchange.readHead();
      if (exchange.awaitsContinue()) {
        responses.sendContinue(ctx);
      }
    } catch (RuntimeException | Error e) {
      answerEarly(ctx, exchange, Errors.reply(e, exchange.requestId()));
    }
  }

  /// Answers before the body is read. If there is a body, answers at once and ends the connection,
  /// because any amount of the body may follow.
  private void answerEarly(ChannelHandlerContext ctx, Exchange exchange, Reply.Full reply) {
    exchange.body().clear();
    if (exchange.announcesBody()) {
      exchange.endConnection();
      state = State.DISCARD;
      responses.send(ctx, exchange, reply);
    } else {
      exchange.answeredEarly(reply);
    }
  }

  private void content(ChannelHandlerContext ctx, Exchange exchange, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (state == State.DONE) {
      return;
    } else if (content.decoderResult().cause() instanceof PrematureChannelClosureException) {
      close(ctx);
    } else if (content.decoderResult().isFailure()) {
      endWith(ctx, exchange, ApiException.badChunks()); // the rest cannot be parsed
    } else if (state == State.DISCARD) {
      discard(ctx, exchange, content.content(), last);
    } else if (state == State.BODY) {
      collect(ctx, exchange, content.content());
      if (last && state == State.BODY) {
        answer(ctx, exchange);
      }
    }
  }

  private void discard(ChannelHandlerContext ctx, Exchange exchange, ByteBuf bytes, boolean last) {
    boolean more = exchange.body().discard(bytes);
    if (last && framing == Framing.FRAMES) {
      state = State.DONE; // a stream of HTTP/2 ends with its answer
    } else if (last || !more) {
      close(ctx);
    }
  }

  private void collect(ChannelHandlerContext ctx, Exchange exchange, ByteBuf bytes) {
    if (exchange.earlyReply() != null) {
      return;
    }
    try {
      exchange.body().add(bytes);
    } catch (RuntimeException | Error e) {
      answerEarly(ctx, exchange, Errors.reply(e, exchange.requestId()));
    }
  }

  private void answer(ChannelHandlerContext ctx, Exchange exchange) {
    state = State.ANSWER;
    deadline.set(Deadline.ANSWER);
    if (exchange.earlyReply() != null) {
      finish(ctx, exchange, exchange.earlyReply(), null);
      return;
    }
    exchange
        .answer()
        .whenComplete((reply, error) -> onLoop(ctx, () -> finish(ctx, exchange, reply, error)));
  }

  private static void onLoop(ChannelHandlerContext ctx, Runnable work) {
    if (ctx.executor().inEventLoop()) {
      work.run();
    } else if (!ctx.executor().isShuttingDown()) {
      ctx.executor().execute(work);
    }
  }

  private void finish(
      ChannelHandlerContext ctx,
      Exchange answered,
      @Nullable Reply reply,
      @Nullable Throwable error) {
    if (state != State.ANSWER || answered != current) {
      return; // the connection ended meanwhile, or its deadline passed
    }
    Reply known =
        reply == null
            ? Errors.reply(
                error == null ? new IllegalStateException("No reply") : error, answered.requestId())
            : reply;
    switch (known) {
      case Reply.Full full -> nextOnceSent(ctx, answered, responses.send(ctx, answered, full));
      case Reply.Pieced pieced ->
          nextOnceSent(ctx, answered, responses.send(ctx, answered, pieced));
      case Reply.Stream stream -> open(ctx, answered, stream);
    }
  }

  /// Reads the next request only after the answer is sent, so that answers to a client that does
  /// not read do not pile up.
  private void nextOnceSent(ChannelHandlerContext ctx, Exchange answered, ChannelFuture written) {
    state = State.SEND;
    deadline.set(Deadline.IDLE);
    responses.countUnsent();
    written.addListener(sent -> {
      if (!sent.isSuccess()) {
        ctx.close();
      } else if (state == State.SEND && answered == current) {
        next(ctx, answered);
      }
    });
  }

  private void clientTookMore() {
    if (state == State.SEND) {
      deadline.set(Deadline.IDLE);
    }
  }

  private void next(ChannelHandlerContext ctx, Exchange answered) {
    responses.countUnsent();
    if (!answered.keepsAlive()) {
      close(ctx);
      return;
    }
    state = State.HEAD;
    deadline.set(Deadline.IDLE);
    readOn(ctx);
    if (shared.shutdown().hasBegun()) {
      // the answer may have been sent before the shutdown began
      ctx.executor().execute(() -> drain(ctx));
    }
  }

  /// Hands the connection over to a stream.
  private void open(ChannelHandlerContext ctx, Exchange exchange, Reply.Stream stream) {
    if (exchange.isHead()) {
      nextOnceSent(ctx, exchange, responses.sendHeadAlone(ctx, exchange, stream));
      return;
    }
    Framing wanted = exchange.isHttp11() ? framing : Framing.DATA;
    OpenStream opened = shared.live().open(ctx.channel(), stream.request(), wanted);
    if (opened == null) {
      Reply.Full full = Errors.reply(ApiException.tooManyStreams(), exchange.requestId());
      nextOnceSent(ctx, exchange, responses.send(ctx, exchange, full));
      return;
    }
    responses.beginStream(ctx, exchange, stream);
    state = State.DONE;
    if (framing == Framing.CHUNKS) {
      boolean keep = exchange.isHttp11() && exchange.keepsAlive() && !inputEnded;
      Http1Pipeline.makeWay(ctx.pipeline(), opened, keep, shared);
    }
    release(); // the stream counts its bytes from now on
    ctx.channel().config().setAutoRead(true);
    ctx.pipeline().replace(this, null, opened);
  }

  private void checkDeadline(ChannelHandlerContext ctx) {
    responses.countUnsent();
    if (state == State.SEND && shared.live().budget().isUsedUp()) {
      deadline.hurry(Deadline.STALLED);
    }
    if (!deadline.hasPassed()) {
      return;
    }
    abandon();
    if (current != null && state == State.BODY) {
      endWith(ctx, current, ApiException.arrivedTooSlowly());
    } else if (current != null && state == State.ANSWER) {
      endWith(ctx, current, ApiException.answeredTooSlowly());
    } else {
      close(ctx);
    }
  }

  /// Ends the connection during shutdown: after the answer to a request that is in progress or
  /// arrives within the grace period, otherwise at the end of that period.
  private void drain(ChannelHandlerContext ctx) {
    if (state != State.HEAD) {
      return; // its answer ends the connection
    }
    if (shared.shutdown().graceNanos() == 0) {
      close(ctx);
    } else {
      ctx.executor()
          .schedule(() -> endIdle(ctx), shared.shutdown().graceNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /// Half-closes an idle connection and waits for the client to close it.
  private void endIdle(ChannelHandlerContext ctx) {
    if (state == State.HEAD && ctx.channel().isActive()) {
      state = State.DISCARD;
      Shutdown.endSide(ctx);
    }
  }

  /// Answers with an error and ends the connection: the request's end is unknown, or it took too
  /// long.
  private void endWith(ChannelHandlerContext ctx, Exchange exchange, ApiException error) {
    state = State.DONE;
    exchange.body().clear();
    exchange.endConnection();
    responses
        .send(ctx, exchange, Errors.reply(error, exchange.requestId()))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void close(ChannelHandlerContext ctx) {
    state = State.DONE;
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.DONE;
    abandon();
    ctx.fireChannelInactive(); // its handlers are removed next
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    switch (cause) {
      case IOException _, DecoderException _, Http2Exception _ -> {} // disconnected, or not HTTP
      default -> log.error("A connection failed", cause);
    }
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    deadline.cancel();
    release();
  }

  private void abandon() {
    if (current != null) {
      current.abandon();
    }
  }

  /// Releases all memory counted against the budgets.
  private void release() {
    responses.release();
    if (current != null) {
      current.body().clear();
    }
  }
}
