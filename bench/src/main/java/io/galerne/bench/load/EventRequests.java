package io.galerne.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// An endless sequence of requests from one [Template]: every event has a unique id, and the
/// executions take turns. Owned by one thread at a time.
public final class EventRequests {
  private final Template template;
  private final byte[] bytes;
  private final long firstExecution;
  private final long executions;
  private long nextId;
  private long turn;

  /// Executions take turns, from number 0.
  ///
  /// @param executions the number of executions
  public EventRequests(Template template, long executions) {
    this(template, 0, executions);
  }

  /// Executions take turns, from number `firstExecution`.
  ///
  /// @param executions the number of executions
  public EventRequests(Template template, long firstExecution, long executions) {
    this.template = template;
    this.bytes = template.copy();
    this.firstExecution = firstExecution;
    this.executions = executions;
    // Leaves about a million ids a second until another sequence starts at its own time.
    this.nextId = Clock.now() >> 10;
  }

  /// Returns the number of events in each request.
  public int events() {
    return template.items();
  }

  /// Returns the next request, whose events carry `time`, in a buffer that the caller releases.
  ByteBuf next(ByteBufAllocator allocator, long time) {
    return allocator.buffer(bytes.length).writeBytes(nextBytes(time));
  }

  /// Returns the next request's bytes, valid until the next call.
  public byte[] nextBytes(long time) {
    template.fill(bytes, nextId, item -> firstExecution + (turn + item) % executions, time);
    nextId += template.items();
    turn += template.items();
    return bytes;
  }
}
