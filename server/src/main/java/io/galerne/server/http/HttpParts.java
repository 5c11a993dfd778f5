package io.galerne.server.http;

import io.galerne.server.access.Gate;
import io.galerne.server.ingest.Limits;
import io.galerne.server.live.Live;
import io.galerne.server.log.EventLog;
import io.galerne.server.metrics.ServerMetrics;
import io.galerne.server.worker.Temporal;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/// What the HTTP side of a server is put together from.
///
/// @param temporal where workers find Temporal; empty if this server does not know
/// @param workers runs what may block or take long
/// @param corsOrigins origins whose pages may read answers
/// @param maxConnections most connections at a time
/// @param shutdownGrace how long connections without a request stay open when the server stops
/// @param console whether the console is served
/// @param tls how to encrypt connections; empty for plain ones
public record HttpParts(
    EventLog log,
    Live live,
    Gate gate,
    ServerMetrics metrics,
    Limits limits,
    Optional<Temporal> temporal,
    Executor workers,
    List<String> corsOrigins,
    int maxConnections,
    Duration shutdownGrace,
    boolean console,
    Optional<SslContext> tls) {}
