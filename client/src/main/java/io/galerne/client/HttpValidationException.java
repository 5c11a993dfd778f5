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

  private HttpValidationException(HttpValidationException refused, Checkpoint position) {
    super(refused, position);
    this.detail = refused.detail;
  }

  @Override
  HttpValidationException at(@Nullable Checkpoint reached) {
    return reached == null ? this : new HttpValidationException(this, reached);
  }

  /// Every fault that the server found, in its order; none if its answer does not have the shape of
  /// the contract, in which case [#body()] says more.
  public List<ValidationError> detail() {
    return detail == null ? List.of() : detail;
  }
}
