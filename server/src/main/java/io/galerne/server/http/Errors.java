package io.galerne.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.ingest.Fault;
import io.galerne.server.ingest.InvalidRequestException;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.ingest.TooLargeException;
import io.galerne.server.log.LogUnavailableException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns whatever goes wrong into an answer (contract, section 6).
final class Errors {
  private static final Logger log = LoggerFactory.getLogger(Errors.class);

  /// When to try again, where nobody knows better.
  static final Map<String, String> RETRY_SOON = Map.of("Retry-After", "1");

  private Errors() {}

  static Reply.Full reply(Throwable error, String requestId) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return switch (cause) {
      case InvalidRequestException e -> invalid(e.faults());
      case ApiException e -> reply(e.status(), e.code(), e.detail(), e.headers());
      case TooLargeException e ->
          reply(
              HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
              ErrorCode.TOO_LARGE,
              e.detail(),
              Map.of());
      case LogUnavailableException e ->
          reply(HttpResponseStatus.SERVICE_UNAVAILABLE, ErrorCode.STORE, e.reason(), RETRY_SOON);
      case OutOfMemoryError e -> {
        log.warn("Request {} ran out of memory", requestId, e);
        yield reply(
            HttpResponseStatus.SERVICE_UNAVAILABLE,
            ErrorCode.OVERLOADED,
            "The server is out of memory; send the same request again",
            RETRY_SOON);
      }
      default -> {
        log.error("Request {} failed", requestId, cause);
        yield reply(
            HttpResponseStatus.INTERNAL_SERVER_ERROR,
            ErrorCode.INTERNAL,
            "An error occurred",
            Map.of());
      }
    };
  }

  private static Reply.Full reply(
      HttpResponseStatus status,
      @Nullable ErrorCode code,
      String detail,
      Map<String, String> headers) {
    String coded = code == null ? "" : ",\"code\":\"" + code.wire() + "\"";
    String body = "{\"detail\":" + JsonText.quote(detail) + coded + "}";
    return new Reply.Full(status, "application/json", body.getBytes(UTF_8), headers);
  }

  private static Reply.Full invalid(List<Fault> faults) {
    String body =
        faults.stream().map(Errors::json).collect(Collectors.joining(",", "{\"detail\":[", "]}"));
    return Reply.json(HttpResponseStatus.UNPROCESSABLE_ENTITY, body.getBytes(UTF_8));
  }

  private static String json(Fault fault) {
    String loc =
        fault.loc().stream()
            .map(step -> step instanceof Number ? step.toString() : JsonText.quote(step.toString()))
            .collect(Collectors.joining(",", "[", "]"));
    return "{\"type\":"
        + JsonText.quote(fault.type())
        + ",\"loc\":"
        + loc
        + ",\"msg\":"
        + JsonText.quote(fault.msg())
        + ",\"input\":"
        + fault.input()
        + (fault.ctx().isEmpty() ? "" : ",\"ctx\":" + fault.ctx())
        + "}";
  }
}
