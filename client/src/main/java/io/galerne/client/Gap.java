package io.galerne.client;

/// Sequences that a stream has not delivered and never will: they had expired when it came back.
/// Which of them would have matched the request is unknown.
///
/// @param from first sequence that is gone
/// @param to last sequence that is gone
public record Gap(long from, long to) {}
