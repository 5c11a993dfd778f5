package io.galerne.server.http.connection;

import io.galerne.server.http.ApiException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The body of a request as it arrives. Grows with the received bytes, not the announced length,
/// within its limit and the [BodyBudget]. For one connection, on its event loop.
final class RequestBody {
  private static final byte[] EMPTY = {};

  /// Limit of bytes discarded of an unwanted body, so that its sender sees the answer.
  private static final long MOST_DISCARDED_BYTES = 64L << 20;

  private final BodyBudget budget;
  private final int limit;
  private byte[] bytes = EMPTY;
  private int length;
  private long discarded;

  RequestBody(BodyBudget budget, int limit) {
    this.budget = budget;
    this.limit = limit;
  }

  /// Appends received bytes.
  ///
  /// @throws io.galerne.server.fault.TooLargeException if the body exceeds its limit
  /// @throws ApiException 503 if all bodies together exceed the budget
  void add(ByteBuf more) {
    int count = more.readableBytes();
    if (count > limit - length) {
      throw RequestHead.tooLarge(limit);
    }
    if (length + count > bytes.length) {
      grow(length + count);
    }
    more.readBytes(bytes, length, count);
    length += count;
  }

  private void grow(int needed) {
    int size = bytes.length == 0 ? needed : Math.max(needed, bytes.length * 2);
    if (!budget.take(size - bytes.length)) {
      throw ApiException.overloaded("Too many large requests at a time");
    }
    bytes = Arrays.copyOf(bytes, size);
  }

  /// Discards received bytes.
  ///
  /// @return whether to continue reading
  boolean discard(ByteBuf more) {
    discarded += more.readableBytes();
    return discarded <= MOST_DISCARDED_BYTES;
  }

  /// Transfers the body and its share of the budget to the operation.
  Held handOver() {
    byte[] all = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    Held held = new Held(budget, all, bytes.length);
    bytes = EMPTY;
    length = 0;
    return held;
  }

  /// A complete body, which counts against the budget until it is released: once, by any thread.
  record Held(BodyBudget budget, byte[] bytes, int share) {
    void release() {
      budget.giveBack(share);
    }
  }

  /// Drops the body and returns its share of the budget.
  void clear() {
    budget.giveBack(bytes.length);
    bytes = EMPTY;
    length = 0;
  }
}
