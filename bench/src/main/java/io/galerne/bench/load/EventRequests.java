package io.galerne.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// An endless row of requests from one [Template]: every event has an id of its own, and the
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
  /// @param executions how many
  public EventRequests(Template template, long executions) {
    this(template, 0, executions);
  }

  /// Executions take turns, from number `firstExecution`.
  ///
  /// @param executions how many
  public EventRequests(Template template, long firstExecution, long executions) {
    this.template = template;
    this.bytes = template.copy();
    this.firstExecution = firstExecution;
    this.executions = executions;
    // About a million ids a second are ours until another row starts with the time it has then.
    this.nextId = Clock.now() >> 10;
  }

  /// Events in each request.
  public int events() {
    return template.items();
  }

  /// The next request, whose events carry `time`, in a buffer that the caller releases.
  ByteBuf next(ByteBufAllocator allocator, long time) {
    return allocator.buffer(bytes.length).writeBytes(nextBytes(time));
  }

  /// The next request's bytes, valid until the next call.
  public byte[] nextBytes(long time) {
    template.fill(bytes, nextId, item -> firstExecution + (turn + item) % executions, time);
    nextId += template.items();
    turn += template.items();
    return bytes;
  }
}
