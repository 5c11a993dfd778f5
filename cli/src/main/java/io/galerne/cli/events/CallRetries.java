package io.galerne.cli.events;

import io.galerne.client.HttpHook;
import io.galerne.client.Retries;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// How patiently commands repeat a call that the server, or a proxy before it, cannot answer now, and
/// the words for it. Streams report about themselves, see [ConnectionWords].
final class CallRetries implements HttpHook {
  /// How long a call is tried: a server that restarts or has too much to do is back by then. To list
  /// changes nothing, and events have ids, so that repeating is harmless.
  private static final Duration LONGEST_TRY = Duration.ofMinutes(5);

  /// After answers only: if nothing listens, nobody wants to wait.
  static final Retries OF_ANSWERS = retries(false);

  /// After connections that broke too: for a server that has answered before.
  static final Retries OF_ANSWERS_AND_CONNECTIONS = retries(true);

  private final Consumer<String> report;

  /// Whether the wait that began last was reported. Used by the client's threads.
  private final AtomicBoolean said = new AtomicBoolean();

  /// @param report prints a line for whoever waits
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

  /// Says that the server cannot do it now, once until it can.
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
