package io.galerne.server.http.connection;

import io.galerne.server.access.Gate;
import io.galerne.server.http.Routes;
import io.galerne.server.live.Live;
import io.galerne.server.metrics.ServerMetrics;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Optional;

/// The dependencies of the HTTP server.
///
/// @param routes the table of routes
/// @param maxBodyBytes largest request body
/// @param corsOrigins origins whose pages may read answers
/// @param maxConnections most connections at a time
/// @param shutdown notifies connections of the server's shutdown
/// @param tls TLS context; empty for plain connections
public record HttpParts(
    Routes routes,
    Gate gate,
    Live live,
    ServerMetrics metrics,
    int maxBodyBytes,
    List<String> corsOrigins,
    int maxConnections,
    Shutdown shutdown,
    Optional<SslContext> tls) {}
