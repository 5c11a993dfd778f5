package io.galerne.server.http;

import io.galerne.server.access.Caller;
import io.netty.handler.codec.http.HttpHeaders;

/// One request, routed, admitted and read to its end.
///
/// @param target what it names: path and query
/// @param headers as they came
/// @param body as it came; empty where there is none
/// @param caller who makes it
/// @param id names the request in answers and logs
/// @param chunked whether the answer's body may come in chunks: HTTP/1.1, not 1.0
record Request(
    Target target, HttpHeaders headers, byte[] body, Caller caller, String id, boolean chunked) {}
