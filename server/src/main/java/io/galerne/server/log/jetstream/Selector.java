package io.galerne.server.log.jetstream;

import java.util.List;

/// One way for the cluster to select events: by subject patterns, together with the keys under which
/// the index counts exactly those that these patterns select.
///
/// @param keys no event is counted under two of these
/// @param patterns no subject is met by two of these
record Selector(long[] keys, List<String> patterns) {}
