package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The server limits how much this caller may do at a time (status 429). [#retryAfter()] has how
/// long to wait.
public final class RateLimitException extends ApiException {
  private static final long serialVersionUID = 1L;

  RateLimitException(String message, Answer answer) {
    super(message, answer);
  }
}
