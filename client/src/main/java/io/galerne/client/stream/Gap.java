package io.galerne.client.stream;

/// A range of sequences that expired before the stream could deliver them. How many of them matched
/// the request is unknown.
///
/// @param from the first expired sequence, inclusive
/// @param to the last expired sequence, inclusive
public record Gap(long from, long to) {}
