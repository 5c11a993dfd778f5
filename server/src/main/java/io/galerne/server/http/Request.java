package io.galerne.server.http;

import io.galerne.server.access.Caller;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.BooleanSupplier;

/// A request that was routed, authorised and read completely.
///
/// @param target path and query
/// @param headers as received
/// @param body as received; empty if there is none
/// @param caller its sender
/// @param id identifies the request in answers and logs
/// @param abandoned whether the client no longer waits for the answer; for any thread
public record Request(
    Target target,
    HttpHeaders headers,
    byte[] body,
    Caller caller,
    String id,
    BooleanSupplier abandoned) {}
