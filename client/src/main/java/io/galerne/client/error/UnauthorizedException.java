package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The API key is missing or unknown to the server (status 401).
public final class UnauthorizedException extends ApiException {
  private static final long serialVersionUID = 1L;

  UnauthorizedException(String message, Answer answer) {
    super(message, answer);
  }
}
