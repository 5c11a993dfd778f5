package io.galerne.cli.events;

import io.galerne.client.HttpHook;
import io.galerne.client.Retries;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Retries of calls that the server, or a proxy in front of it, cannot answer now, and reports of
/// them on standard error. For streams, see [ConnectionWords].
final class CallRetries implements HttpHook {
  /// How long a call is retried: a restarting or busy server is back by then. Retrying is harmless:
  /// lists change nothing, and events have ids.
  private static final Duration LONGEST_TRY = Duration.ofMinutes(5);

  /// Retries after answers only: if nothing listens, the command fails at once.
  static final Retries OF_ANSWERS = retries(false);

  /// Also retries after a broken connection, for a server that has answered before.
  static final Retries OF_ANSWERS_AND_CONNECTIONS = retries(true);

  private final Consumer<String> report;

  /// Whether the current wait was reported. Used by the client's threads.
  private final AtomicBoolean said = new AtomicBoolean();

  /// @param report prints a line about the wait
  CallRetries(Consumer<String> report) {
    this.report = report;
  }

  private static Retries retries(boolean connectionErrors) {
    return Retries.builder()
        .statusCodes(Retries.TEMPORARY_STATUS_CODES)
        .connectionErrors(connectionErrors)
        .maxDelay(Duration.ofSeconds(5))
        .maxElapsedTime(LONGEST_TRY)
        .build();
  }

  /// Reports a failed attempt, once until one succeeds.
  @Override
  public void afterResponse(
      String operation, HttpRequest request, int status, HttpHeaders headers) {
    if (status == 200) {
      said.set(false);
      return;
    }
    String asked =
        headers.firstValue("retry-after").filter(it -> it.matches("\\d{1,9}")).orElse("");
    boolean tooLong = !asked.isEmpty() && Long.parseLong(asked) > LONGEST_TRY.toSeconds();
    if (Retries.TEMPORARY_STATUS_CODES.contains(status)
        && !tooLong
        && !isStream(request)
        && said.compareAndSet(false, true)) {
      report.accept(
          "galerne: the server answered "
              + status
              + (asked.isEmpty() ? "" : ", which asks to wait " + asked + " s")
              + "; trying again for up to "
              + LONGEST_TRY.toMinutes()
              + " minutes");
    }
  }

  private static boolean isStream(HttpRequest request) {
    return request.headers().firstValue("accept").orElse("").startsWith("text/event-stream");
  }
}
