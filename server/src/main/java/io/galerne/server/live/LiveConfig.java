package io.galerne.server.live;

import java.time.Duration;
import java.util.Optional;

/// How streams are kept.
///
/// @param keepAlive silence after which a comment is sent
/// @param maxDuration how long a stream may stay open; empty for as long as it likes
/// @param executionGrace how long nothing of an execution that has ended must follow, until its streams
///     end
/// @param retry how long a reader should wait before it connects again
/// @param maxStreams most open streams at a time
public record LiveConfig(
    Duration keepAlive,
    Optional<Duration> maxDuration,
    Duration executionGrace,
    Duration retry,
    int maxStreams) {}
