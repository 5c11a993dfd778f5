package io.galerne.cli.events;

import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.InvalidRequestException;
import io.galerne.client.error.RequestTimeoutException;
import io.galerne.client.error.StreamException;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Describes failures of the client in the words of the command line: the cause and what to do,
/// with flags and variables rather than the client's settings.
final class ServerFailure {
  /// Limits the quoted text: a proxy may answer with a whole page.
  private static final int EXCERPT = 200;

  private ServerFailure() {}

  static String message(Throwable failure, ServerOptions server) {
    return switch (failure) {
      case InvalidRequestException invalid when !invalid.faults().isEmpty() ->
          "the server refused the request (422): " + faults(invalid);
      case ApiException refused -> refusal(refused, server);
      case RequestTimeoutException _ -> server.url + " did not answer in time; try again later";
      case ConnectionException broken -> noAnswer(broken, server);
      case StreamException stream -> streamEnd(stream, server);
      default -> said(failure);
    };
  }

  /// Returns every fault that the server found.
  private static String faults(InvalidRequestException invalid) {
    return String.join("; ", invalid.faults().stream().map(Object::toString).toList());
  }

  static String refusal(ApiException refused, ServerOptions server) {
    int status = refused.status();
    String detail = detail(refused);
    return switch (status) {
      case 200 ->
          server.url
              + " is not an event server: check --url, and whether a proxy answers in its place";
      case 301, 302, 303, 307, 308 ->
          "the server redirects ("
              + status
              + "), which is not followed: give its final URL as --url";
      case 401 ->
          server.apiKey == null
              ? "the server requires an API key (401): set GALERNE_API_KEY or give --api-key"
              : "the server does not know this API key (401): check GALERNE_API_KEY or --api-key";
      case 403 ->
          "this API key does not have the right to do that (403); 'galerne keys list' shows what"
              + " keys may do";
      case 404 -> "the server did not find it (404)" + detail + "; check --url";
      case 413 -> "the request is too large for the server (413)" + detail;
      case 429 -> "the server is too busy (429)" + detail + "; try again later";
      case 503 -> "the server is unavailable (503)" + detail + "; try again later";
      default -> "the server answered " + status + detail;
    };
  }

  /// Returns the server's own message, or the beginning of any other answer.
  private static String detail(ApiException refusal) {
    String text = refusal.body();
    try {
      text = Json.of(text).tree().path("detail").asStringOpt().orElse(text);
    } catch (MalformedEventException | JacksonException e) {
      // not from one of our servers
    }
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.isEmpty()) {
      return "";
    }
    return ": " + (line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "...");
  }

  private static String noAnswer(ConnectionException failure, ServerOptions server) {
    if (cause(failure, SSLException.class).isPresent()) {
      return tls(failure, server);
    }
    boolean nothingListens =
        Stream.of(
                ConnectException.class,
                HttpConnectTimeoutException.class,
                UnresolvedAddressException.class)
            .anyMatch(type -> cause(failure, type).isPresent());
    if (nothingListens) {
      return "nothing listens at "
          + server.url
          + ": start a server with ./galerne serve, or give the URL of one with --url";
    }
    return "the connection to " + server.url + " broke" + why(failure.getCause());
  }

  private static String tls(ConnectionException failure, ServerOptions server) {
    boolean expired =
        cause(failure, CertificateExpiredException.class).isPresent()
            || cause(failure, CertPathValidatorException.class)
                .filter(e -> e.getReason() == BasicReason.EXPIRED)
                .isPresent();
    Optional<CertificateException> untrusted = cause(failure, CertificateException.class);
    if (expired) {
      return "the certificate of " + server.url + " has expired";
    } else if (untrusted.isEmpty() && isPlain(failure)) {
      return server.url + " does not speak TLS: give its URL with http:// instead";
    } else if (untrusted.isEmpty()) {
      return server.url + " failed the TLS handshake" + why(failure.getCause());
    } else if (untrusted.get().getCause() == null) {
      return "the certificate of " + server.url + " is for another host" + why(untrusted.get());
    } else if (server.caCert != null) {
      return "the certificate of "
          + server.url
          + " is not signed by an authority in "
          + server.caCert;
    }
    return "the certificate of "
        + server.url
        + " is not signed by an authority that is trusted: give the authority's certificate with"
        + " --ca-cert FILE";
  }

  /// Returns whether the server answered without TLS, by the JDK's message.
  private static boolean isPlain(ConnectionException failure) {
    return cause(failure, SSLException.class)
        .map(Throwable::getMessage)
        .filter(message -> message.contains("plaintext connection"))
        .isPresent();
  }

  private static String streamEnd(StreamException end, ServerOptions server) {
    String resume = end.position().map(at -> "; the last sequence was " + at.sequence()).orElse("");
    return switch (end.kind()) {
      case GAVE_UP ->
          "the stream broke and could not reconnect in time: "
              + (end.getCause() == null ? said(end) : message(end.getCause(), server))
              + resume;
      case LOG_CHANGED ->
          "the server's log was replaced, or restored to an earlier state"
              + resume
              + ": start over without --last-event-id and --resume";
      case OUT_OF_ORDER -> "the server sent an event out of order" + resume;
      case MALFORMED -> server.url + " sent something that is not an event" + why(end.getCause());
      default -> said(end).replaceFirst("^\\w+: ", "");
    };
  }

  private static String why(@Nullable Throwable failure) {
    return failure == null || failure.getMessage() == null ? "" : ": " + failure.getMessage();
  }

  private static <T> Optional<T> cause(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  private static String said(Throwable failure) {
    return Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
  }
}
