package io.galerne.client.internal.http;

import io.galerne.client.Retries;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.InvalidRequestException;
import io.galerne.client.error.MistralException;
import io.galerne.client.error.RequestTimeoutException;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Decides whether a response is a success, and creates the exceptions for failures.
public final class Answers {
  /// The most of a response's text that goes into a message, in characters.
  private static final int EXCERPT = 300;

  private Answers() {}

  /// Whether a response is what the call requested, and can be decoded.
  public static boolean isWanted(Call call, int status, HttpHeaders headers) {
    String wanted = call.wantsStream() ? Call.EVENT_STREAM : Call.JSON;
    String type = headers.firstValue("content-type").orElse("").strip().toLowerCase(Locale.ROOT);
    return status == 200
        && ContentDecoder.canRead(headers)
        && type.startsWith(wanted)
        && (type.length() == wanted.length() || " ;".indexOf(type.charAt(wanted.length())) >= 0);
  }

  /// The exception for a response that is not what the call requested.
  ///
  /// @param retryAfter the wait that the response asks for
  public static ApiException refused(
      Call call, Answer answer, boolean hasKey, Optional<Duration> retryAfter) {
    int status = answer.status();
    String body = answer.body() instanceof TextBody text ? text.text() : "";
    String message = what(call, answer.url()) + " returned " + status;
    if (!ContentDecoder.canRead(answer.headers())) {
      message +=
          (" with content encoding '" + ContentDecoder.encoding(answer.headers()))
              + "', which this client did not request and cannot decode; a proxy may compress"
              + " responses: turn that off for this API";
      body = "";
    } else if (status == 200) {
      message +=
          (" with unexpected content of type '" + answer.contentType())
              + "'; check the server URL, and whether a proxy responds. It begins: "
              + excerpt(body);
    } else if (status == 422) {
      message += ": " + faults(body);
    } else {
      message += ": " + detail(body) + advice(call, status, hasKey);
    }
    return ApiException.of(message, status, body, answer.headers(), retryAfter.orElse(null));
  }

  private static String faults(String body) {
    List<InvalidRequestException.Fault> faults = InvalidRequestException.faults(body);
    return faults.isEmpty()
        ? excerpt(body)
        : excerpt(String.join("; ", faults.stream().map(Object::toString).toList()));
  }

  /// Whether the same request may succeed later.
  public static boolean isTemporary(int status) {
    return Retries.TEMPORARY_STATUS_CODES.contains(status);
  }

  private static String advice(Call call, int status, boolean hasKey) {
    return switch (status) {
      case 401 ->
          hasKey
              ? ". Check the API key"
              : ". No API key is set: give the client's builder one with apiKey, or use fromEnv";
      case 403 -> ". The API key lacks that permission";
      case 404 -> ". Check the server URL and the id";
      case 413 -> ". Send smaller requests";
      case 301, 302, 303, 307, 308 -> ". Redirects are not followed: give the final server URL";
      case 511 -> ". The network asks for a sign-in first";
      default -> isTemporary(status) ? later(call, status) : never(status);
    };
  }

  private static String later(Call call, int status) {
    if (call.wantsStream()) {
      return ". A later attempt may succeed: Reconnection.defaults() retries";
    }
    return Retries.DEFAULT_STATUS_CODES.contains(status)
        ? ". A later attempt may succeed: Retries.defaults() retries"
        : ". A later attempt may succeed: Retries with TEMPORARY_STATUS_CODES as statusCodes retry";
  }

  private static String never(int status) {
    return status >= 500
        ? ". A retry will not help: check that the server URL names a server of this API"
        : "";
  }

  /// The exception for a call without a response.
  public static MistralException failed(
      Call call, URI url, Throwable failure, Duration connectTimeout) {
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
      return "if the server's certificate is not signed by a known authority, give the client an sslContext"
          + " that trusts it";
    } else if (failure instanceof ConnectException
        || failure instanceof HttpConnectTimeoutException) {
      return "is the server running, and is the server URL right?";
    }
    return "a Retries with connectionErrors(true) retries this";
  }

  /// The exception for a call that timed out.
  public static MistralException late(Call call, URI url, Duration timeout, Throwable failure) {
    return new RequestTimeoutException(
        what(call, url)
            + (" failed: no answer within " + text(timeout))
            + "; request less, or set a longer timeout",
        failure);
  }

  /// The call and its URL, to start a message with.
  public static String what(Call call, URI url) {
    return call.operation() + ": " + call.method() + " " + SafeUrl.of(url);
  }

  public static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /// The `detail` of an error's body, or the start of the body.
  private static String detail(String body) {
    try {
      JsonNode detail = Json.of(body).members().getOrDefault("detail", Json.NULL).tree();
      return excerpt(detail.isString() ? detail.stringValue() : body);
    } catch (MalformedEventException | JacksonException e) {
      return excerpt(body);
    }
  }

  public static String excerpt(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.isEmpty()) {
      return "(nothing)";
    }
    return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
  }
}
