package io.galerne.server.log;

/// Figures about a log for those who run it.
///
/// @param bytes about how much room it takes, in bytes
/// @param pendingEvents events handed over and not yet durable
public record LogStats(long bytes, int pendingEvents) {}
