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

/// The dependencies of the operations.
///
/// @param temporal the Temporal server for workers; empty if not configured
/// @param workers runs work that blocks or takes long
/// @param console whether the console is served
/// @param health whether the server is ready for work
public record ApiParts(
    EventLog log,
    Live live,
    ServerMetrics metrics,
    Limits limits,
    Optional<Temporal> temporal,
    Executor workers,
    boolean console,
    Supplier<Health> health) {}
