package io.galerne.server.api;

import io.galerne.server.ingest.Limits;
import io.galerne.server.live.Live;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.Health;
import io.galerne.server.metrics.ServerMetrics;
import io.galerne.server.worker.Temporal;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// What operations are put together from.
///
/// @param temporal where workers find Temporal; empty if this server does not know
/// @param workers runs what may block or take long
/// @param console whether the console is served
/// @param health whether the server should be given work
public record ApiParts(
    EventLog log,
    Live live,
    ServerMetrics metrics,
    Limits limits,
    Optional<Temporal> temporal,
    Executor workers,
    boolean console,
    Supplier<Health> health) {}
