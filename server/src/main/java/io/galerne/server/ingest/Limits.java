package io.galerne.server.ingest;

/// The limits of a publish request (contract, section 3).
///
/// @param eventBytes largest event
/// @param bodyBytes largest body
/// @param batchEvents most events in a body
public record Limits(int eventBytes, int bodyBytes, int batchEvents) {}
