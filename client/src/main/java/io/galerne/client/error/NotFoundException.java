package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// There is no such thing, such as a run that no event was ever stored of (status 404).
public final class NotFoundException extends ApiException {
  private static final long serialVersionUID = 1L;

  NotFoundException(String message, Answer answer) {
    super(message, answer);
  }
}
