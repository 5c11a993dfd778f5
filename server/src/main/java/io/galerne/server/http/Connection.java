package io.galerne.server.http;

import io.galerne.server.live.Subscription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: reads a request, has it answered, and reads the next; until one asks for a
/// stream, to which it hands the connection over. Where the stream comes to its end, another one
/// takes the connection back.
///
/// One request at a time: nothing more is read from the socket while one is answered. Everything
/// here belongs to the event loop's thread.
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /// How long a connection may say nothing between two requests, and take nothing of an answer.
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(75);

  /// How long a request may take to arrive: slow senders must not hold connections for ever.
  private static final long ARRIVAL_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// How long a request may take to be answered.
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long CHECK_SECONDS = 5;

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

  private final HttpContext context;
  private State state = State.HEAD;
  private long deadlineNanos = System.nanoTime() + ARRIVAL_NANOS;
  private @Nullable Future<?> timer;
  private @Nullable ChannelHandlerContext self;

  /// Counts the requests of this connection.
  private long exchange;

  // The request that is being read or answered.
  private @Nullable HttpRequest request;
  private @Nullable RequestHead head;
  private Reply.@Nullable Full earlyReply;
  private String requestId = "";
  private final RequestBody body;
  private long discarded;
  private boolean keepAlive;

  /// What of the answer was still to be sent when it was last looked at.
  private long unsent;

  /// Whether `early` is being gone through: the loop that does it goes on once an answer is sent.
  private boolean takingEarly;

  /// What has been read of the requests behind it.
  private final ArrayDeque<Object> early = new ArrayDeque<>(1);

  private Connection(HttpContext context) {
    this.context = context;
    this.body = new RequestBody(context.budget(), context.maxBodyBytes());
  }

  /// Adds what reads requests, which begins as soon as the connection is active.
  static Connection addTo(ChannelPipeline pipeline, HttpContext context) {
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE_BYTES)
            .setMaxHeaderSize(MOST_HEADER_BYTES)
            .setMaxChunkSize(CHUNK_BYTES);
    Connection connection = new Connection(context);
    pipeline.addLast(new HttpServerCodec(limits), connection);
    return connection;
  }

  /// Has a connection whose stream has ended serve requests again.
  private static void takeBack(ChannelPipeline pipeline, HttpContext context) {
    Connection connection = addTo(pipeline, context);
    if (context.draining().get()) {
      connection.drain();
    } else {
      connection.deadlineNanos = System.nanoTime() + IDLE_NANOS;
      connection.channelActive(pipeline.context(connection));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    self = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    timer =
        ctx.executor()
            .scheduleWithFixedDelay(
                () -> checkDeadline(ctx), CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    ctx.read();
  }

  /// What comes while a request is answered is of the same read from the socket, so it is little,
  /// and waits.
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.ANSWER || state == State.SEND) {
      early.add(message);
    } else {
      take(ctx, message);
    }
  }

  private void take(ChannelHandlerContext ctx, Object message) {
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
    if (state == State.HEAD || state == State.BODY || state == State.DISCARD) {
      ctx.read();
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest start) {
    request = start;
    exchange++;
    requestId = RequestId.of(start.headers());
    keepAlive = HttpUtil.isKeepAlive(start) && !start.decoderResult().isFailure();
    deadlineNanos = System.nanoTime() + ARRIVAL_NANOS;
    state = State.BODY;
    Optional<Map<String, String>> preflight =
        start.method().equals(HttpMethod.OPTIONS)
            ? context.cors().preflight(start.headers())
            : Optional.empty();
    try {
      if (preflight.isPresent()) {
        earlyReply =
            new Reply.Full(HttpResponseStatus.NO_CONTENT, "", NO_BODY, preflight.orElseThrow());
      } else {
        head = RequestHead.read(start, context);
        if (HttpUtil.is100ContinueExpected(start)) {
          ctx.writeAndFlush(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
      }
    } catch (RuntimeException e) {
      if (start.decoderResult().isFailure()) {
        state = State.DONE; // what follows cannot be told apart
        send(ctx, Errors.reply(e, requestId));
      } else {
        answerEarly(ctx, Errors.reply(e, requestId));
      }
    }
  }

  /// Answers before the body has been read: at once where there is one, and then the connection
  /// ends, as nobody can tell what of it is still to come.
  private void answerEarly(ChannelHandlerContext ctx, Reply.Full reply) {
    body.clear();
    HttpRequest current = request;
    boolean hasBody =
        current != null
            && (HttpUtil.isTransferEncodingChunked(current)
                || HttpUtil.getContentLength(current, 0L) > 0);
    if (hasBody) {
      keepAlive = false;
      state = State.DISCARD;
      send(ctx, reply);
    } else {
      earlyReply = reply;
    }
  }

  private void content(ChannelHandlerContext ctx, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (state == State.DONE) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      ctx.close(); // torn in the middle of a chunk: nothing that follows can be made sense of
      state = State.DONE;
    } else if (state == State.DISCARD) {
      discarded += content.content().readableBytes();
      if (last || discarded > MOST_DISCARDED_BYTES) {
        state = State.DONE;
        ctx.close();
      }
    } else if (state == State.BODY) {
      collect(ctx, content.content());
      if (last && state == State.BODY) {
        answer(ctx);
      }
    }
  }

  private void collect(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (earlyReply != null) {
      return;
    }
    try {
      body.add(bytes);
    } catch (RuntimeException e) {
      answerEarly(ctx, Errors.reply(e, requestId));
    }
  }

  private void answer(ChannelHandlerContext ctx) {
    state = State.ANSWER;
    deadlineNanos = System.nanoTime() + ANSWER_NANOS;
    RequestHead current = head;
    HttpRequest start = request;
    if (earlyReply != null || current == null || start == null) {
      finish(ctx, exchange, earlyReply, null);
      return;
    }
    RequestBody.Held held = body.handOver();
    Request read =
        new Request(
            current.target(),
            start.headers(),
            held.bytes(),
            current.caller(),
            requestId,
            start.protocolVersion().equals(HttpVersion.HTTP_1_1));
    long answering = exchange;
    try {
      current
          .operation()
          .answer(read)
          .whenComplete((reply, error) -> {
            held.release();
            onLoop(ctx, () -> finish(ctx, answering, reply, error));
          });
    } catch (RuntimeException | Error e) {
      held.release();
      finish(ctx, answering, null, e);
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
      ChannelHandlerContext ctx, long answered, @Nullable Reply reply, @Nullable Throwable error) {
    if (state != State.ANSWER || answered != exchange) {
      return; // the connection ended meanwhile, or its deadline passed
    }
    Reply known =
        reply == null
            ? Errors.reply(error == null ? new IllegalStateException("No reply") : error, requestId)
            : reply;
    switch (known) {
      case Reply.Full full -> sendAndGoOn(ctx, full);
      case Reply.Stream stream -> open(ctx, stream);
    }
  }

  /// Sends an answer, and reads the next request once it is sent: a client that does not take its
  /// answers must not have them pile up here.
  private void sendAndGoOn(ChannelHandlerContext ctx, Reply.Full reply) {
    state = State.SEND;
    deadlineNanos = System.nanoTime() + IDLE_NANOS;
    unsent = Long.MAX_VALUE;
    long sending = exchange;
    send(ctx, reply)
        .addListener(sent -> {
          if (sent.isSuccess() && state == State.SEND && sending == exchange) {
            next(ctx);
          }
        });
  }

  private void next(ChannelHandlerContext ctx) {
    request = null;
    head = null;
    earlyReply = null;
    keepAlive &= !context.draining().get();
    state = keepAlive ? State.HEAD : State.DONE;
    deadlineNanos = System.nanoTime() + IDLE_NANOS;
    if (!keepAlive) {
      ctx.close();
    } else if (!takingEarly) {
      takingEarly = true;
      while (state != State.ANSWER && state != State.SEND && !early.isEmpty()) {
        take(ctx, early.remove());
      }
      takingEarly = false;
      readOn(ctx);
    }
  }

  private ChannelFuture send(ChannelHandlerContext ctx, Reply.Full reply) {
    keepAlive &= !context.draining().get();
    HttpResponse response = Responses.head(reply);
    describe(response.headers());
    HttpUtil.setKeepAlive(response, keepAlive);
    count(reply.status());
    ChannelFuture written = Responses.send(ctx, response, reply.body());
    if (!keepAlive && state != State.DISCARD) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
    return written;
  }

  private void describe(HttpHeaders headers) {
    headers.set(RequestId.HEADER, requestId);
    if (request != null) {
      context.cors().apply(request.headers(), headers);
    }
  }

  private void count(HttpResponseStatus status) {
    String operation = head == null ? "none" : head.operation().name();
    context.metrics().answered(operation, status.code());
  }

  private void open(ChannelHandlerContext ctx, Reply.Stream stream) {
    Subscription subscription = context.live().open(ctx.channel(), stream.request());
    if (subscription == null) {
      sendAndGoOn(
          ctx,
          Errors.reply(
              new ApiException(
                  HttpResponseStatus.TOO_MANY_REQUESTS,
                  ErrorCode.STREAM,
                  "As many streams are open as this server allows",
                  Errors.RETRY_SOON),
              requestId));
      return;
    }
    HttpResponse response = Responses.stream(stream);
    describe(response.headers());
    count(HttpResponseStatus.OK);
    cancelTimer();
    ctx.writeAndFlush(response);
    // From here on, the stream writes its bytes as they are.
    ctx.pipeline().remove(HttpServerCodec.class); // which hands over what it has read
    state = State.DONE;
    if (keepAlive && stream.request().chunked() && early.isEmpty()) {
      HttpContext shared = context;
      subscription.handBackTo(pipeline -> takeBack(pipeline, shared));
    }
    dropEarly();
    ctx.channel().config().setAutoRead(true);
    ctx.pipeline().replace(this, null, subscription);
  }

  private void dropEarly() {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  private void checkDeadline(ChannelHandlerContext ctx) {
    if (state == State.SEND && ctx.channel().bytesBeforeWritable() < unsent) {
      unsent = ctx.channel().bytesBeforeWritable();
      deadlineNanos = System.nanoTime() + IDLE_NANOS;
    }
    if (System.nanoTime() - deadlineNanos < 0) {
      return;
    }
    State missed = state;
    keepAlive = false;
    state = State.DONE;
    switch (missed) {
      case HEAD, DISCARD, SEND, DONE -> ctx.close();
      case BODY ->
          send(
              ctx,
              Errors.reply(
                  new ApiException(
                      HttpResponseStatus.REQUEST_TIMEOUT,
                      ErrorCode.TIMEOUT,
                      "The request took too long to arrive"),
                  requestId));
      case ANSWER ->
          send(
              ctx,
              Errors.reply(
                  new ApiException(
                      HttpResponseStatus.SERVICE_UNAVAILABLE,
                      ErrorCode.STORE,
                      "The log did not answer in time; send the same request again",
                      Errors.RETRY_SOON),
                  requestId));
    }
  }

  /// Ends the connection as soon as nothing is under way on it.
  void drain() {
    if (state == State.HEAD && self != null) {
      state = State.DONE;
      self.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.DONE;
    cancelTimer();
    body.clear();
    dropEarly();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
      log.error("Request {} failed", requestId, cause);
    }
    ctx.close(); // otherwise it went away, or does not speak our protocol
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
