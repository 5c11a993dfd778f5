package io.galerne.server.log;

/// What a log holds at one moment.
///
/// @param oldest the sequence of the oldest event that is retained; `head + 1` if there is none
/// @param head the highest sequence that was ever made durable; 0 if there was none
public record LogRange(long oldest, long head) {}
