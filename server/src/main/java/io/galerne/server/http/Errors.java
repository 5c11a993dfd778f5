package io.galerne.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.fault.Fault;
import io.galerne.server.fault.InvalidRequestException;
import io.galerne.server.fault.TooLargeException;
import io.galerne.server.log.LogUnavailableException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Maps every failure to an error response (contract, section 6).
public final class Errors {
  private static final Logger log = LoggerFactory.getLogger(Errors.class);

  /// The default delay before a retry.
  static final Map<String, String> RETRY_SOON = Map.of("Retry-After", "1");

  private static final JsonMapper JSON = JsonMapper.shared();

  private Errors() {}

  /// The response to a failed request. Logs failures of the server.
  public static Reply.Full reply(Throwable error, String requestId) {
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
    byte[] body =
        json(json -> {
          json.writeStringProperty("detail", sound(detail));
          if (code != null) {
            json.writeStringProperty("code", code.wire());
          }
        });
    return new Reply.Full(status, "application/json", body, headers);
  }

  private static Reply.Full invalid(List<Fault> faults) {
    byte[] body =
        json(json -> {
          json.writeArrayPropertyStart("detail");
          faults.forEach(fault -> write(json, fault));
          json.writeEndArray();
        });
    return Reply.json(HttpResponseStatus.UNPROCESSABLE_ENTITY, body);
  }

  private static void write(JsonGenerator json, Fault fault) {
    json.writeStartObject();
    json.writeStringProperty("type", fault.type());
    json.writeArrayPropertyStart("loc");
    for (Object step : fault.loc()) {
      if (step instanceof Number position) {
        json.writeNumber(position.longValue());
      } else {
        json.writeString(sound(step.toString()));
      }
    }
    json.writeEndArray();
    json.writeStringProperty("msg", sound(fault.msg()));
    json.writeName("input");
    json.writeRawValue(fault.input());
    if (!fault.ctx().isEmpty()) {
      json.writeName("ctx");
      json.writeRawValue(fault.ctx());
    }
    json.writeEndObject();
  }

  /// Replaces lone surrogates, which a member's name may contain but JSON cannot.
  private static String sound(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  private static byte[] json(Consumer<JsonGenerator> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      members.accept(json);
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
