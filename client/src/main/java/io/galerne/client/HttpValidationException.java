package io.galerne.client;

import java.net.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The server found faults in the request (status 422). Sending the same again is of no use.
public final class HttpValidationException extends SdkException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable List<ValidationError> detail;

  HttpValidationException(
      String message, String body, HttpHeaders headers, List<ValidationError> detail) {
    super(message, 422, body, headers);
    this.detail = List.copyOf(detail);
  }

  /// Every fault that the server found, in its order; none where its answer has another shape than
  /// the contract's, in which case [#body()] tells.
  public List<ValidationError> detail() {
    return detail == null ? List.of() : detail;
  }
}
