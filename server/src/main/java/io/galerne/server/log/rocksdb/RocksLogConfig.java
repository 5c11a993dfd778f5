package io.galerne.server.log.rocksdb;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What an embedded log is opened with.
///
/// @param folder where it is kept
/// @param retentionAge how long an event is kept at least; empty for ever
/// @param retentionBytes about how large it may grow; empty for as large as the disk
/// @param repeatWindow how long a repeated `event_id` is recognised at least
/// @param afterRestore the folder was put back from a backup
/// @param expiryInterval how often it is looked for events to expire
/// @param clock when events were stored, for expiry and repeats
public record RocksLogConfig(
    Path folder,
    Optional<Duration> retentionAge,
    OptionalLong retentionBytes,
    Duration repeatWindow,
    boolean afterRestore,
    Duration expiryInterval,
    Clock clock) {}
