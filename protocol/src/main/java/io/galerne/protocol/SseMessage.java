package io.galerne.protocol;

import java.util.Optional;
import java.util.OptionalLong;

/// One dispatched message of a Server-Sent Events stream.
///
/// @param event the event's name; empty if the stream sent none
/// @param data the data lines, joined by line feeds
/// @param id the latest `id:` of the stream, from this message or before; may be empty
/// @param retryMillis the reconnection time sent since the previous message
public record SseMessage(
    Optional<String> event, String data, String id, OptionalLong retryMillis) {}
