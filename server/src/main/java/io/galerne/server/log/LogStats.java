package io.galerne.server.log;

/// Figures about a log for operators.
///
/// @param bytes approximate size in bytes
/// @param pendingEvents the number of events that are accepted but not durable yet
public record LogStats(long bytes, int pendingEvents) {}
