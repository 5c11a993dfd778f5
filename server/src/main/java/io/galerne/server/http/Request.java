package io.galerne.server.http;

import io.galerne.server.access.Caller;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.BooleanSupplier;

/// One request, routed, admitted and read to its end.
///
/// @param target what it names: path and query
/// @param headers as they came
/// @param body as it came; empty if there is none
/// @param caller who makes it
/// @param id names the request in answers and logs
/// @param abandoned whether nobody waits for the answer any more; for any thread
public record Request(
    Target target,
    HttpHeaders headers,
    byte[] body,
    Caller caller,
    String id,
    BooleanSupplier abandoned) {}
