package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The server, or a proxy in front of it, failed (status 500 and above). A retry later may succeed;
/// [#retryAfter()] says how long to wait, if the server does.
public final class ServerException extends ApiException {
  private static final long serialVersionUID = 1L;

  ServerException(String message, Answer answer) {
    super(message, answer);
  }
}
