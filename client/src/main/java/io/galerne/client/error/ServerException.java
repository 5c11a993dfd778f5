package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The server, or a proxy in front of it, cannot answer the request (status 500 and above). It may
/// help to send it again later; [#retryAfter()] has how long to wait, if the server says so.
public final class ServerException extends ApiException {
  private static final long serialVersionUID = 1L;

  ServerException(String message, Answer answer) {
    super(message, answer);
  }
}
