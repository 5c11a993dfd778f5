package io.galerne.server.live;

import java.time.Duration;
import java.util.Optional;

/// The settings of streams.
///
/// @param keepAlive idle time before a comment is sent
/// @param maxDuration longest life of a stream; empty for no limit
/// @param executionGrace silence after an execution's end before its streams end
/// @param retry how long a reader should wait before it reconnects
/// @param maxStreams most open streams at a time
public record LiveConfig(
    Duration keepAlive,
    Optional<Duration> maxDuration,
    Duration executionGrace,
    Duration retry,
    int maxStreams) {}
