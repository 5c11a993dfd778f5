package io.galerne.protocol;

import java.util.Optional;
import java.util.OptionalLong;

/// One dispatched message of a Server-Sent Events stream.
///
/// @param event the event's name; empty where the stream gave none
/// @param data the data lines, joined by line feeds
/// @param id the last `id:` the stream has given so far, in this message or before; may be empty
/// @param retryMillis the reconnection time that came with this message, or since the one before
public record SseMessage(
    Optional<String> event, String data, String id, OptionalLong retryMillis) {}
