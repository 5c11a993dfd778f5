package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The server does not know the API key, or there is none (status 401).
public final class UnauthorizedException extends ApiException {
  private static final long serialVersionUID = 1L;

  UnauthorizedException(String message, Answer answer) {
    super(message, answer);
  }
}
