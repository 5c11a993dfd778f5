package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The resource does not exist (status 404), such as a run without any stored event.
public final class NotFoundException extends ApiException {
  private static final long serialVersionUID = 1L;

  NotFoundException(String message, Answer answer) {
    super(message, answer);
  }
}
