package io.galerne.server.http.connection;

import io.galerne.server.access.Gate;
import io.galerne.server.http.Routes;
import io.galerne.server.live.Live;
import io.galerne.server.metrics.ServerMetrics;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Optional;

/// What the HTTP side of a server is put together from.
///
/// @param routes what is served
/// @param maxBodyBytes largest request body
/// @param corsOrigins origins whose pages may read answers
/// @param maxConnections most connections at a time
/// @param shutdown what its connections learn the server's end from
/// @param tls how to encrypt connections; empty for plain ones
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
