package io.galerne.server.log;

/// This process's progress in the stream of a log that several processes share.
///
/// @param applied the position up to which every message has been applied here, inclusive
/// @param head the last position of the stream that this process knows; at least `applied`
public record StreamProgress(long applied, long head) {}
