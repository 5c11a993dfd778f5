package io.galerne.server.http.connection;

import io.galerne.server.http.ApiException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The body of a request as it arrives: grows with what has arrived, not with what was announced, and
/// only within its limit and the budget of all. For one connection, on its event loop.
final class RequestBody {
  private static final byte[] EMPTY = {};

  /// What is read and thrown away of a body that nobody wants, so that its sender gets to see the
  /// answer.
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

  /// Takes the bytes that have arrived.
  ///
  /// @throws io.galerne.server.fault.TooLargeException if the body is over its limit
  /// @throws ApiException 503 if all bodies together are over theirs
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

  /// Throws away bytes that have arrived.
  ///
  /// @return whether to read on
  boolean discard(ByteBuf more) {
    discarded += more.readableBytes();
    return discarded <= MOST_DISCARDED_BYTES;
  }

  /// Hands all of it to whoever answers, with its share of the budget.
  Held handOver() {
    byte[] all = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    Held held = new Held(budget, all, bytes.length);
    bytes = EMPTY;
    length = 0;
    return held;
  }

  /// A whole body, which counts until it is released, once, by any thread.
  record Held(BodyBudget budget, byte[] bytes, int share) {
    void release() {
      budget.giveBack(share);
    }
  }

  /// Forgets it, and gives its share of the budget back.
  void clear() {
    budget.giveBack(bytes.length);
    bytes = EMPTY;
    length = 0;
  }
}
