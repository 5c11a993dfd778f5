package io.galerne.server.log.jetstream;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a log on JetStream is opened with.
///
/// @param cluster how the cluster is reached
/// @param stream the name of the log's stream; made where it is missing
/// @param replicas on how many servers the stream is kept; empty takes what an existing stream has,
///     and for a new one 3 on a cluster and 1 on a server by itself
/// @param retentionAge how long an event is kept at least; empty for ever
/// @param retentionBytes about how large the stream may grow; empty for as large as the cluster lets
///     it
/// @param repeatWindow how long a repeated `event_id` is recognised at least
/// @param afterRestore the stream was put back from a backup
/// @param recentBytes how much of what was appended last is kept in memory for readers
/// @param expiryInterval how often it is looked for events to expire
/// @param clock when events were stored, for expiry and repeats
public record JetStreamLogConfig(
    NatsAccess cluster,
    String stream,
    OptionalInt replicas,
    Optional<Duration> retentionAge,
    OptionalLong retentionBytes,
    Duration repeatWindow,
    boolean afterRestore,
    long recentBytes,
    Duration expiryInterval,
    Clock clock) {}
