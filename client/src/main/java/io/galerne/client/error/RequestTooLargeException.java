package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;

/// The request is larger than the server accepts (status 413). Send smaller requests.
public final class RequestTooLargeException extends ApiException {
  private static final long serialVersionUID = 1L;

  RequestTooLargeException(String message, Answer answer) {
    super(message, answer);
  }
}
