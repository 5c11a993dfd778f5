package io.galerne.server.log;

/// A snapshot of the sequences that a log retains.
///
/// @param oldest the sequence of the oldest retained event; `head + 1` if there is none
/// @param head the highest sequence that was ever made durable; 0 if there was none
public record LogRange(long oldest, long head) {}
