package io.galerne.client.internal.http;

import java.net.URI;
import java.net.http.HttpHeaders;

/// An answer to a call.
///
/// @param body of a stream, as it comes; otherwise whole
public record Answer(URI url, int status, HttpHeaders headers, AnswerBody body) {
  public String contentType() {
    return headers.firstValue("content-type").orElse("");
  }
}
