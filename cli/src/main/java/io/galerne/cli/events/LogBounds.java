package io.galerne.cli.events;

import io.galerne.client.HttpHook;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.OptionalLong;

/// The oldest and the newest sequence of the log when the first stream was opened, from the headers
/// of our servers (contract, section 4). Other servers send neither.
final class LogBounds implements HttpHook {
  private volatile boolean known;
  private volatile OptionalLong oldest = OptionalLong.empty();
  private volatile OptionalLong head = OptionalLong.empty();

  @Override
  public void afterResponse(
      String operation, HttpRequest request, int status, HttpHeaders headers) {
    if (status == 200 && !known) {
      known = true;
      oldest = headers.firstValueAsLong("galerne-oldest-sequence");
      head = headers.firstValueAsLong("galerne-head-sequence");
    }
  }

  OptionalLong oldest() {
    return oldest;
  }

  OptionalLong head() {
    return head;
  }
}
