package io.galerne.server.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/// How much of the budget a body takes, and for how long.
class RequestBodyTest {
  private static final int BYTES = 1 << 20;

  private final BodyBudget budget = new BodyBudget();
  private final RequestBody body = new RequestBody(budget, BYTES);

  /// Whether all of the budget is free.
  private boolean isFree() {
    boolean free = budget.take(BodyBudget.MOST_BYTES);
    if (free) {
      budget.giveBack(BodyBudget.MOST_BYTES);
    }
    return free;
  }

  @Test
  void countsUntilItIsCleared() {
    assertThat(isFree()).isTrue();
    body.add(Unpooled.wrappedBuffer(new byte[BYTES]));
    assertThat(isFree()).isFalse();
    body.clear();
    assertThat(isFree()).isTrue();
  }

  @Test
  void countsUntilAnsweredEvenIfTheClientIsGone() {
    body.add(Unpooled.wrappedBuffer(new byte[BYTES]));
    RequestBody.Held held = body.handOver();
    body.clear(); // as when the connection ends
    assertThat(held.bytes()).hasSize(BYTES);
    assertThat(isFree()).isFalse();
    held.release();
    assertThat(isFree()).isTrue();
  }
}
