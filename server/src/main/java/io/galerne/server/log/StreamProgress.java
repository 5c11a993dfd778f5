package io.galerne.server.log;

/// How far a process has followed the stream that carries a log which several processes share.
///
/// @param applied every message up to this position has been applied here
/// @param head the last position of the stream that this process has heard of; at least `applied`
public record StreamProgress(long applied, long head) {}
