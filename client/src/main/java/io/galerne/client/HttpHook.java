package io.galerne.client;

import io.galerne.client.error.MistralException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;

/// Intercepts every request before it is sent and every response once its headers have arrived,
/// including retries and reconnections: for tracing, metrics or signing. Called by several threads
/// concurrently; must not block. An exception fails the call.
public interface HttpHook {
  /// Called before a request is sent.
  ///
  /// @param operation the client method, such as `getWorkflowEvents`
  /// @param request may be modified, such as to add a header
  default void beforeRequest(String operation, HttpRequest.Builder request) {}

  /// Called when a response has arrived.
  ///
  /// @param operation the client method
  /// @param request the request; its headers hold the API key
  /// @param status the status of the response
  /// @param headers the headers of the response
  default void afterResponse(
      String operation, HttpRequest request, int status, HttpHeaders headers) {}

  /// Called if there is no response.
  ///
  /// @param operation the client method
  /// @param request the request; its headers hold the API key
  /// @param failure why there is no response
  default void afterFailure(String operation, HttpRequest request, MistralException failure) {}
}
