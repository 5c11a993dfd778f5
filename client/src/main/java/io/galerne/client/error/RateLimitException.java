package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The caller exceeded a rate limit (status 429). [#retryAfter()] says how long to wait.
public final class RateLimitException extends ApiException {
  private static final long serialVersionUID = 1L;

  RateLimitException(String message, Answer answer) {
    super(message, answer);
  }
}
