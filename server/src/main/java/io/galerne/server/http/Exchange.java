package io.galerne.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The request that is being read or answered on a connection, and what is known of it so far. For
/// the connection's event loop.
final class Exchange {
  /// Names requests, so that an answer can be found in logs on both sides.
  static final String ID_HEADER = "X-Request-Id";

  private static final Pattern SOUND_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final HttpRequest request;
  private final String requestId;
  private @Nullable RequestHead head;
  private Reply.@Nullable Full earlyReply;
  private boolean keepAlive;

  Exchange(HttpRequest request) {
    this.request = request;
    this.requestId = id(request.headers());
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
