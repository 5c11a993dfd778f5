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

/// The request being read or answered on a connection, and its state. Belongs to the connection's
/// event loop, except `abandoned`, which any thread reads.
final class Exchange {
  /// The header with the request's id, which identifies it in the logs of both sides.
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

  /// The request's own id if it is safe to log, otherwise a new one.
  private static String id(HttpHeaders headers) {
    String given = headers.get(ID_HEADER);
    return given != null && SOUND_ID.matcher(given).matches()
        ? given
        : Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  HttpRequest request() {
    return request;
  }

  /// Identifies the request in answers and logs.
  String requestId() {
    return requestId;
  }

  /// Routes and authorises the request, or answers a CORS preflight.
  ///
  /// @throws ApiException if it must be answered with an error at once
  /// @throws io.galerne.server.fault.TooLargeException if its announced body exceeds the limit
  void readHead() {
    RequestHead.requireHost(request);
    shared
        .cors()
        .preflight(request)
        .ifPresentOrElse(this::answeredEarly, () -> head = RequestHead.read(request, shared));
  }

  /// Whether the client waits for `100 Continue` before it sends the body.
  boolean awaitsContinue() {
    return head != null && HttpUtil.is100ContinueExpected(request);
  }

  /// Sets an answer that is known before the body is read.
  void answeredEarly(Reply.Full reply) {
    this.earlyReply = reply;
  }

  Reply.@Nullable Full earlyReply() {
    return earlyReply;
  }

  /// The body received so far.
  RequestBody body() {
    return body;
  }

  /// Has the operation answer the request, which must be authorised and read completely.
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

  /// Marks the client as no longer waiting for the answer.
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

  /// Whether the client supports chunked encoding.
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
