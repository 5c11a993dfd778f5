package io.galerne.server.http.connection;

import static java.util.Objects.requireNonNull;

import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The request that is being read or answered on a connection, and what is known of it so far.
/// Belongs to the connection's event loop, except `abandoned`, which any thread reads.
final class Exchange {
  /// Names requests, so that an answer can be found in logs on both sides.
  static final String ID_HEADER = "X-Request-Id";

  private static final Pattern SOUND_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final HttpServer.Shared shared;
  private final HttpRequest request;
  private final String requestId;
  private final RequestBody body;
  private @Nullable RequestHead head;
  private Reply.@Nullable Full earlyReply;
  private boolean keepAlive;
  private volatile boolean abandoned;

  Exchange(HttpRequest request, HttpServer.Shared shared) {
    this.shared = shared;
    this.request = request;
    this.requestId = id(request.headers());
    this.body = new RequestBody(shared.budget(), shared.maxBodyBytes());
    this.keepAlive = HttpUtil.isKeepAlive(request) && !request.decoderResult().isFailure();
  }

  /// The id that the request brings, if it is fit to be logged; otherwise a new one.
  private static String id(HttpHeaders headers) {
    String given = headers.get(ID_HEADER);
    return given != null && SOUND_ID.matcher(given).matches()
        ? given
        : Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  HttpRequest request() {
    return request;
  }

  /// Names the request in answers and logs.
  String requestId() {
    return requestId;
  }

  /// Routes and admits the request, or answers what a browser asks before it sends one.
  ///
  /// @throws ApiException if it is answered with an error at once
  /// @throws io.galerne.server.fault.TooLargeException if its body is announced to be over the limit
  void readHead() {
    RequestHead.requireHost(request);
    shared
        .cors()
        .preflight(request)
        .ifPresentOrElse(this::answeredEarly, () -> head = RequestHead.read(request, shared));
  }

  /// Whether its client waits for word before it sends the body.
  boolean awaitsContinue() {
    return head != null && HttpUtil.is100ContinueExpected(request);
  }

  /// An answer that is known before the body has been read.
  void answeredEarly(Reply.Full reply) {
    this.earlyReply = reply;
  }

  Reply.@Nullable Full earlyReply() {
    return earlyReply;
  }

  /// What has arrived of its body.
  RequestBody body() {
    return body;
  }

  /// Has the operation answer the request, which was admitted and has been read to its end.
  CompletionStage<? extends Reply> answer() {
    RequestHead known = requireNonNull(head);
    RequestBody.Held held = body.handOver();
    Request read =
        new Request(
            known.target(),
            request.headers(),
            held.bytes(),
            known.caller(),
            requestId,
            () -> abandoned);
    try {
      return known.route().operation().answer(read).whenComplete((_, _) -> held.release());
    } catch (RuntimeException | Error e) {
      held.release();
      return CompletableFuture.failedFuture(e);
    }
  }

  /// Nobody waits for the answer any more.
  void abandon() {
    abandoned = true;
  }

  /// The operation's name in metrics.
  String operation() {
    return head == null ? "none" : head.route().name();
  }

  /// Whether the connection serves another request after this one.
  boolean keepsAlive() {
    return keepAlive;
  }

  void endConnection() {
    keepAlive = false;
  }

  /// Whether its client understands chunks.
  boolean isHttp11() {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }

  boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  boolean announcesBody() {
    return HttpUtil.isTransferEncodingChunked(request)
        || HttpUtil.getContentLength(request, 0L) > 0;
  }
}
