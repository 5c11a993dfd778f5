package io.galerne.client;

import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What answers mean, and the exceptions for those that mean no good.
final class Answers {
  /// Of what the server says, this much goes into a message.
  private static final int EXCERPT = 300;

  private static final Json NO_LOC = Json.of("[]");

  private Answers() {}

  /// Whether an answer is what the call requested, and can be read.
  static boolean isWanted(Call call, int status, HttpHeaders headers) {
    String wanted = call.wantsStream() ? Call.EVENT_STREAM : Call.JSON;
    String type = headers.firstValue("content-type").orElse("").strip().toLowerCase(Locale.ROOT);
    return status == 200
        && ContentDecoder.canRead(headers)
        && type.startsWith(wanted)
        && (type.length() == wanted.length() || " ;".indexOf(type.charAt(wanted.length())) >= 0);
  }

  /// The exception for an answer that is not what the call asked for.
  static SdkException refused(Call call, Answer answer) {
    int status = answer.status();
    String answered = what(call, answer.url()) + " was answered " + status;
    if (!ContentDecoder.canRead(answer.headers())) {
      return new SdkException(
          answered
              + (" with content encoding '" + ContentDecoder.encoding(answer.headers()))
              + "', which this client cannot read and did not ask for; a proxy in between may"
              + " compress answers: turn that off for this API",
          status,
          "",
          answer.headers());
    }
    String body = answer.body() instanceof TextBody text ? text.text() : "";
    if (status == 422) {
      List<ValidationError> errors = validationErrors(body);
      String faults = errors.isEmpty() ? excerpt(body) : joined(errors);
      return new HttpValidationException(answered + ": " + faults, body, answer.headers(), errors);
    }
    String message =
        status == 200
            ? answered
                + (" with content of type '" + answer.contentType() + "', which it should not be")
                + "; is the server URL right, and no proxy in between? It begins: "
                + excerpt(body)
            : answered + ": " + detail(body) + advice(call, status);
    return new SdkException(message, status, body, answer.headers());
  }

  /// Whether the same request may succeed later.
  static boolean isTemporary(int status) {
    return RetryConfig.TEMPORARY_STATUS_CODES.contains(status);
  }

  private static String advice(Call call, int status) {
    return switch (status) {
      case 401 -> ". Check the API key";
      case 403 -> ". The API key does not have that right";
      case 404 -> ". Check the server URL and the id";
      case 413 -> ". Send less at a time";
      case 301, 302, 303, 307, 308 -> ". Redirects are not followed: give the final server URL";
      case 511 -> ". The network asks for a sign-in first";
      default -> isTemporary(status) ? later(call, status) : never(status);
    };
  }

  private static String later(Call call, int status) {
    if (call.wantsStream()) {
      return ". Trying again later may help, which Reconnection.defaults() does";
    }
    return RetryConfig.DEFAULT_STATUS_CODES.contains(status)
        ? ". Trying again later may help, which RetryConfig.defaults() does"
        : ". Trying again later may help, which a RetryConfig does whose statusCodes are"
            + " TEMPORARY_STATUS_CODES";
  }

  private static String never(int status) {
    return status >= 500
        ? ". Trying again will not help: check that the server URL names a server of this API"
        : "";
  }

  /// The exception for a call that got no answer.
  static MistralException failed(Call call, URI url, Throwable failure, Duration connectTimeout) {
    String why = failure.getMessage() == null ? "" : " (" + failure.getMessage() + ")";
    String how =
        failure instanceof HttpConnectTimeoutException
            ? "no connection within " + text(connectTimeout)
            : failure.getClass().getSimpleName() + why;
    return new ConnectionException(
        what(call, url) + " failed: " + how + "; " + advice(failure), failure);
  }

  private static String advice(Throwable failure) {
    if (failure instanceof SSLException) {
      return "where no authority has signed the server's certificate, give the client an sslContext"
          + " that trusts it";
    } else if (failure instanceof ConnectException
        || failure instanceof HttpConnectTimeoutException) {
      return "is the server running, and is the server URL right?";
    }
    return "a RetryConfig with retryConnectionErrors tries again";
  }

  /// The exception for a call whose answer did not come in time.
  static MistralException late(Call call, URI url, Duration timeout, Throwable failure) {
    return new RequestTimeoutException(
        what(call, url)
            + (" failed: no answer within " + text(timeout))
            + "; ask for less, or give it a longer timeout",
        failure);
  }

  /// Call and URL, as they begin a message.
  static String what(Call call, URI url) {
    return call.operation() + ": " + call.method() + " " + SafeUrl.of(url);
  }

  static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /// The `detail` of an error's body, or how the body begins.
  private static String detail(String body) {
    try {
      JsonNode detail = Json.of(body).members().getOrDefault("detail", Json.NULL).tree();
      return excerpt(detail.isString() ? detail.stringValue() : body);
    } catch (MalformedEventException | JacksonException e) {
      return excerpt(body);
    }
  }

  private static List<ValidationError> validationErrors(String body) {
    List<ValidationError> errors = new ArrayList<>();
    try {
      Json detail = Json.of(body).members().getOrDefault("detail", Json.NULL);
      for (Json error : detail.elements()) {
        if (error.text().charAt(0) != '{') {
          return List.of();
        }
        Map<String, Json> fault = error.members();
        List<String> loc = new ArrayList<>();
        for (JsonNode step : fault.getOrDefault("loc", NO_LOC).tree()) {
          loc.add(step.asString(""));
        }
        errors.add(new ValidationError(loc, string(fault, "msg"), string(fault, "type"), error));
      }
    } catch (MalformedEventException | JacksonException e) {
      return List.of();
    }
    return errors;
  }

  private static String string(Map<String, Json> members, String name) {
    return members.getOrDefault(name, Json.NULL).tree().asString("");
  }

  private static String joined(List<ValidationError> errors) {
    return excerpt(String.join("; ", errors.stream().map(ValidationError::toString).toList()));
  }

  static String excerpt(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.isEmpty()) {
      return "(nothing)";
    }
    return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
  }
}
