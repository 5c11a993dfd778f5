package io.galerne.client.internal.http;

import java.net.URI;
import java.net.http.HttpHeaders;

/// The response to a call.
///
/// @param body complete, or incremental for a stream
public record Answer(URI url, int status, HttpHeaders headers, AnswerBody body) {
  public String contentType() {
    return headers.firstValue("content-type").orElse("");
  }
}
