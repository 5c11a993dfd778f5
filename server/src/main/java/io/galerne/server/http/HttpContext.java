package io.galerne.server.http;

import io.galerne.server.access.Gate;
import io.galerne.server.live.Live;
import io.galerne.server.metrics.ServerMetrics;
import java.util.concurrent.atomic.AtomicBoolean;

/// What all connections share.
///
/// @param maxBodyBytes largest request body
/// @param shutdownGraceNanos how long connections without a request stay open when the server stops
/// @param draining set once the server takes no new work
record HttpContext(
    Router router,
    Gate gate,
    Live live,
    ServerMetrics metrics,
    Cors cors,
    BodyBudget budget,
    int maxBodyBytes,
    long shutdownGraceNanos,
    AtomicBoolean draining) {}
