package io.galerne.client;

import io.galerne.client.error.MistralException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;

/// Sees every request before it is sent and every answer when its headers have come, repeats and
/// reconnections included: for traces, metrics, signatures. Called by several threads at once; must
/// not block. What it throws fails the call.
public interface HttpHook {
  /// About to send a request.
  ///
  /// @param operation the client's method that it is for, such as `getWorkflowEvents`
  /// @param request may be changed, such as to add a header
  default void beforeRequest(String operation, HttpRequest.Builder request) {}

  /// An answer has come.
  ///
  /// @param operation the client's method that it is for
  /// @param request what was sent; its headers hold the API key
  /// @param status the answer's status
  /// @param headers the answer's headers
  default void afterResponse(
      String operation, HttpRequest request, int status, HttpHeaders headers) {}

  /// No answer has come.
  ///
  /// @param operation the client's method that it is for
  /// @param request what was sent; its headers hold the API key
  /// @param failure why there is no answer
  default void afterFailure(String operation, HttpRequest request, MistralException failure) {}
}
