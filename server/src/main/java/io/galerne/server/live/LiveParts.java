package io.galerne.server.live;

import io.galerne.server.access.Gate;
import io.galerne.server.log.EventLog;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;

/// The dependencies that all streams share. Each is thread-safe.
///
/// @param readers runs blocking reads of the log
/// @param gate decides whose streams must end
/// @param retryHint the chunk before the first frame of every stream
record LiveParts(
    EventLog log,
    Tail tail,
    LargeEvents largeEvents,
    Executor readers,
    LiveConfig config,
    LiveMeter meter,
    Gate gate,
    SendBudget budget,
    ByteBuf retryHint) {}
