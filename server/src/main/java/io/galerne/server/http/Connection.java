package io.galerne.server.http;

import io.galerne.server.live.Framing;
import io.galerne.server.live.OpenStream;
import io.galerne.server.live.SendBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of HTTP/1, or one request of HTTP/2: reads a request, has it answered, and reads the
/// next, until a request opens a stream, which the connection is handed over to. When the stream
/// ends, another one takes the connection back.
///
/// One request at a time: [RequestQueue] holds back what has been read of others. Everything here
/// belongs to the event loop's thread, except `abandoned`, which any thread reads.
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /// How long a connection that the server has ended waits for the client to end it, too. What
  /// arrives meanwhile is thrown away: if it were not read, the client could lose the last answer.
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Longest request line: metadata filters make long URLs.
  static final int MOST_LINE_BYTES = 32 * 1024;

  /// Longest block of headers.
  static final int MOST_HEADER_BYTES = 32 * 1024;

  private static final int CHUNK_BYTES = 64 * 1024;

  /// What is read and thrown away of a body that nobody wants, so that its sender gets to see the
  /// answer.
  private static final long MOST_DISCARDED_BYTES = 64L << 20;

  private static final byte[] NO_BODY = {};

  private enum State {
    HEAD,
    BODY,
    DISCARD,
    ANSWER,
    SEND,
    DONE
  }

  private final HttpServer.Shared shared;

  /// How streams go out on it, except those of clients that speak HTTP/1.0.
  private final Framing framing;

  private final Responses responses;
  private State state = State.HEAD;
  private final Deadline deadline = new Deadline(Deadline.ARRIVAL);
  private SendBudget.@Nullable Share share;

  /// The request that is being read or answered, or the last one.
  private @Nullable Exchange current;

  private final RequestBody body;
  private long discarded;

  /// Whether nobody waits for the answer any more.
  private volatile boolean abandoned;

  /// Whether the client will send nothing more. It may still read.
  private boolean inputEnded;

  private Connection(HttpServer.Shared shared, Framing framing) {
    this.shared = shared;
    this.framing = framing;
    this.responses = new Responses(shared);
    this.body = new RequestBody(shared.budget(), shared.maxBodyBytes());
  }

  /// Adds what reads requests of HTTP/1, which begins as soon as the connection is active.
  static Connection addTo(ChannelPipeline pipeline, HttpServer.Shared shared) {
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE_BYTES)
            .setMaxHeaderSize(MOST_HEADER_BYTES)
            .setMaxChunkSize(CHUNK_BYTES);
    Connection connection = new Connection(shared, Framing.CHUNKS);
    pipeline.addLast(new HttpServerCodec(limits), new RequestQueue(), connection);
    return connection;
  }

  /// Removes what [#addTo] has added.
  static void removeFrom(ChannelPipeline pipeline) {
    pipeline.remove(Connection.class);
    pipeline.remove(RequestQueue.class);
    pipeline.remove(HttpServerCodec.class);
  }

  /// Answers one request of HTTP/2: to it, its stream is a connection of its own.
  static Connection ofHttp2(HttpServer.Shared shared) {
    return new Connection(shared, Framing.FRAMES);
  }

  /// Has a connection whose stream has ended serve requests again.
  private static void takeBack(ChannelPipeline pipeline, HttpServer.Shared shared) {
    Connection connection = addTo(pipeline, shared);
    connection.deadline.set(Deadline.IDLE);
    connection.channelActive(pipeline.context(connection));
    shared.shutdown().tell(pipeline);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    share = shared.live().budget().share(ctx.channel());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    deadline.cancel();
    end();
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
      if (message instanceof HttpContent content) {
        content(ctx, content);
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
      // the rest of a request will not come; what was answered is sent first
      state = State.DONE;
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else {
      ctx.read();
    }
  }

  /// Notices that the client has ended its side: it is gone, or it waits for its answer.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
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
      state = State.DONE;
      ctx.close(); // the client ended its side within the head of a request
      return;
    }
    Exchange exchange = new Exchange(start);
    current = exchange;
    deadline.set(Deadline.ARRIVAL);
    try {
      RequestHead.requireFramed(start);
    } catch (ApiException e) {
      state = State.DONE; // nobody can tell where it ends
      exchange.endConnection();
      send(ctx, exchange, Errors.reply(e, exchange.requestId()));
      return;
    }
    state = State.BODY;
    Optional<Map<String, String>> preflight =
        start.method().equals(HttpMethod.OPTIONS)
            ? shared.cors().preflight(start.headers())
            : Optional.empty();
    try {
      RequestHead.requireHost(start);
      if (preflight.isPresent()) {
        exchange.answeredEarly(
            new Reply.Full(HttpResponseStatus.NO_CONTENT, "", NO_BODY, preflight.orElseThrow()));
      } else {
        exchange.admitted(RequestHead.read(start, shared));
        if (HttpUtil.is100ContinueExpected(start)) {
          ctx.writeAndFlush(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
      }
    } catch (RuntimeException | Error e) {
      answerEarly(ctx, exchange, Errors.reply(e, exchange.requestId()));
    }
  }

  /// Answers before the body has been read. If there is one, it answers at once and ends the
  /// connection, as nobody can tell how much of the body is still to come.
  private void answerEarly(ChannelHandlerContext ctx, Exchange exchange, Reply.Full reply) {
    body.clear();
    if (exchange.announcesBody()) {
      exchange.endConnection();
      state = State.DISCARD;
      send(ctx, exchange, reply);
    } else {
      exchange.answeredEarly(reply);
    }
  }

  private void badChunk(ChannelHandlerContext ctx, Exchange exchange) {
    body.clear();
    exchange.endConnection();
    send(ctx, exchange, Errors.reply(ApiException.badChunks(), exchange.requestId()));
  }

  private void content(ChannelHandlerContext ctx, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    Exchange exchange = current;
    if (state == State.DONE || exchange == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      state = State.DONE; // nothing that follows can be made sense of
      if (content.decoderResult().cause() instanceof PrematureChannelClosureException) {
        ctx.close();
      } else {
        badChunk(ctx, exchange);
      }
    } else if (state == State.DISCARD) {
      discarded += content.content().readableBytes();
      if (last || discarded > MOST_DISCARDED_BYTES) {
        state = State.DONE;
        if (!last || framing != Framing.FRAMES) { // a stream of HTTP/2 ends with its answer
          ctx.close();
        }
      }
    } else if (state == State.BODY) {
      collect(ctx, exchange, content.content());
      if (last && state == State.BODY) {
        answer(ctx, exchange);
      }
    }
  }

  private void collect(ChannelHandlerContext ctx, Exchange exchange, ByteBuf bytes) {
    if (exchange.earlyReply() != null) {
      return;
    }
    try {
      body.add(bytes);
    } catch (RuntimeException | Error e) {
      answerEarly(ctx, exchange, Errors.reply(e, exchange.requestId()));
    }
  }

  private void answer(ChannelHandlerContext ctx, Exchange exchange) {
    state = State.ANSWER;
    deadline.set(Deadline.ANSWER);
    RequestHead head = exchange.head();
    if (exchange.earlyReply() != null || head == null) {
      finish(ctx, exchange, exchange.earlyReply(), null);
      return;
    }
    RequestBody.Held held = body.handOver();
    Request read =
        new Request(
            head.target(),
            exchange.request().headers(),
            held.bytes(),
            head.caller(),
            exchange.requestId(),
            () -> abandoned);
    try {
      head.route()
          .operation()
          .answer(read)
          .whenComplete((reply, error) -> {
            held.release();
            onLoop(ctx, () -> finish(ctx, exchange, reply, error));
          });
    } catch (RuntimeException | Error e) {
      held.release();
      finish(ctx, exchange, null, e);
    }
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
      case Reply.Full full -> nextOnceSent(ctx, answered, send(ctx, answered, full));
      case Reply.Pieced pieced -> {
        prepareToSend(answered);
        nextOnceSent(ctx, answered, responses.send(ctx, answered, pieced));
      }
      case Reply.Stream stream -> open(ctx, answered, stream);
    }
  }

  /// Reads the next request once an answer is sent: the answers of a client that does not read must
  /// not pile up here.
  private void nextOnceSent(ChannelHandlerContext ctx, Exchange answered, ChannelFuture written) {
    state = State.SEND;
    deadline.set(Deadline.IDLE);
    countUnsent();
    if (written instanceof ChannelProgressivePromise inPieces) {
      inPieces.addListener(new Taken());
    }
    written.addListener(sent -> {
      if (!sent.isSuccess()) {
        ctx.close();
      } else if (state == State.SEND && answered == current) {
        next(ctx, answered);
      }
    });
  }

  /// Notes that the client has taken some more of a large answer.
  private final class Taken implements ChannelProgressiveFutureListener {
    @Override
    public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
      deadline.set(Deadline.IDLE);
      countUnsent();
    }

    @Override
    public void operationComplete(ChannelProgressiveFuture future) {
      countUnsent();
    }
  }

  private void next(ChannelHandlerContext ctx, Exchange answered) {
    countUnsent();
    state = answered.keepsAlive() ? State.HEAD : State.DONE;
    deadline.set(Deadline.IDLE);
    if (!answered.keepsAlive()) {
      ctx.close();
    } else {
      readOn(ctx);
      if (shared.shutdown().hasBegun()) {
        // its answer may have gone out before the server began to stop
        ctx.executor().execute(() -> drain(ctx));
      }
    }
  }

  private ChannelFuture send(ChannelHandlerContext ctx, Exchange exchange, Reply.Full reply) {
    prepareToSend(exchange);
    ChannelFuture written = responses.send(ctx, exchange, reply);
    if (!exchange.keepsAlive() && state != State.DISCARD) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
    return written;
  }

  private void prepareToSend(Exchange exchange) {
    if (shared.shutdown().hasBegun()) {
      exchange.endConnection();
    }
    if (share != null) {
      share.fit();
    }
  }

  private void countUnsent() {
    if (share != null) {
      share.update();
    }
  }

  private void open(ChannelHandlerContext ctx, Exchange exchange, Reply.Stream stream) {
    if (exchange.isHead()) {
      prepareToSend(exchange);
      responses.sendHead(ctx, exchange, stream);
      nextOnceSent(ctx, exchange, ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
      return;
    }
    Framing wanted = exchange.isHttp11() ? framing : Framing.DATA;
    OpenStream opened = shared.live().open(ctx.channel(), stream.request(), wanted);
    if (opened == null) {
      ApiException full = ApiException.tooManyStreams();
      nextOnceSent(ctx, exchange, send(ctx, exchange, Errors.reply(full, exchange.requestId())));
      return;
    }
    responses.sendHead(ctx, exchange, stream);
    // From here on, the stream writes its bytes as they are.
    if (ctx.pipeline().get(ChunkedWriteHandler.class) != null) {
      ctx.pipeline().remove(ChunkedWriteHandler.class);
    }
    state = State.DONE;
    if (framing == Framing.CHUNKS) {
      ctx.pipeline().remove(HttpServerCodec.class); // which hands over what it has read
      boolean saidMore = !ctx.pipeline().remove(RequestQueue.class).isEmpty();
      if (wanted == framing && exchange.keepsAlive() && !saidMore && !inputEnded) {
        HttpServer.Shared kept = shared; // without this handler
        opened.handBackTo(pipeline -> takeBack(pipeline, kept));
      }
    }
    end(); // the stream counts its bytes from now on
    ctx.channel().config().setAutoRead(true);
    ctx.pipeline().replace(this, null, opened);
  }

  /// Lets go of everything.
  private void end() {
    if (share != null) {
      share.release();
    }
    body.clear();
  }

  private void checkDeadline(ChannelHandlerContext ctx) {
    Exchange exchange = current;
    countUnsent();
    if (state == State.SEND && shared.live().budget().isUsedUp()) {
      deadline.hurry(Deadline.STALLED);
    }
    if (!deadline.hasPassed()) {
      return;
    }
    State missed = state;
    state = State.DONE;
    abandoned = true;
    if (exchange == null || (missed != State.BODY && missed != State.ANSWER)) {
      ctx.close();
      return;
    }
    exchange.endConnection();
    ApiException late =
        missed == State.BODY ? ApiException.arrivedTooSlowly() : ApiException.answeredTooSlowly();
    send(ctx, exchange, Errors.reply(late, exchange.requestId()));
  }

  /// Ends the connection while the server stops: after the answer to a request that is under way or
  /// arrives within the grace period, or else at the end of that.
  private void drain(ChannelHandlerContext ctx) {
    if (state != State.HEAD) {
      return; // the answer that is under way ends it
    }
    if (shared.shutdown().graceNanos() == 0) {
      state = State.DONE;
      ctx.close();
    } else {
      ctx.executor()
          .schedule(() -> endIdle(ctx), shared.shutdown().graceNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /// Tells the client that nothing more will be answered, and waits until it has seen that.
  private void endIdle(ChannelHandlerContext ctx) {
    if (state != State.HEAD || !ctx.channel().isActive()) {
      return;
    }
    state = State.DISCARD;
    if (ctx.pipeline().get(SslHandler.class) == null
        && ctx.channel() instanceof DuplexChannel socket) {
      socket.shutdownOutput();
      ctx.executor().schedule(() -> ctx.close(), LINGER_NANOS, TimeUnit.NANOSECONDS);
    } else {
      ctx.close(); // TLS says so itself
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.DONE;
    abandoned = true;
    ctx.fireChannelInactive(); // its handlers are removed next
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)
        && !(cause instanceof DecoderException)
        && !(cause instanceof Http2Exception)) {
      log.error("A connection failed", cause);
    }
    ctx.close(); // otherwise it went away, or does not speak our protocol
  }
}
