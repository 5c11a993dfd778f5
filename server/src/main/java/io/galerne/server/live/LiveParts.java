package io.galerne.server.live;

import io.galerne.server.access.Gate;
import io.galerne.server.log.EventLog;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;

/// What all streams share. Each is safe for use by several threads.
///
/// @param readers runs reads of the log, which block
/// @param gate decides whose streams must end
/// @param retryHint what goes before the first frame of every stream, as a chunk
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
