package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The API key lacks permission (status 403).
public final class ForbiddenException extends ApiException {
  private static final long serialVersionUID = 1L;

  ForbiddenException(String message, Answer answer) {
    super(message, answer);
  }
}
