package io.galerne.client;

import java.net.URI;
import java.net.http.HttpHeaders;

/// An answer to a call.
///
/// @param body of a stream, as it comes; otherwise whole
record Answer(URI url, int status, HttpHeaders headers, AnswerBody body) {
  String contentType() {
    return headers.firstValue("content-type").orElse("");
  }
}
