package io.galerne.server.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/// The request that is being read or answered on a connection, and what is known of it so far. For
/// the connection's event loop.
final class Exchange {
  private final HttpRequest request;
  private final String requestId;
  private @Nullable RequestHead head;
  private Reply.@Nullable Full earlyReply;
  private boolean keepAlive;

  Exchange(HttpRequest request) {
    this.request = request;
    this.requestId = RequestId.of(request.headers());
    this.keepAlive = HttpUtil.isKeepAlive(request) && !request.decoderResult().isFailure();
  }

  HttpRequest request() {
    return request;
  }

  /// Names the request in answers and logs.
  String requestId() {
    return requestId;
  }

  /// Set once the request has been routed and admitted.
  void admitted(RequestHead head) {
    this.head = head;
  }

  @Nullable RequestHead head() {
    return head;
  }

  /// An answer that is known before the body has been read.
  void answeredEarly(Reply.Full reply) {
    this.earlyReply = reply;
  }

  Reply.@Nullable Full earlyReply() {
    return earlyReply;
  }

  /// The operation's name in metrics.
  String operation() {
    return head == null ? "none" : head.operation().name();
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
