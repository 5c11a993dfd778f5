package io.galerne.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.Commit;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the tail keeps in memory and what it drops.
class TailTest {
  /// About 16 MiB: two of these fit, three do not.
  private static final int LARGE = 10_000;

  private final Tail tail = new Tail();
  private final EventRecord event = SampleEvent.any().record();
  private long head;

  @AfterEach
  void letGo() {
    tail.clear();
  }

  @Test
  void findsTheCommitOfASequence() {
    tail.add(commit(10));
    tail.add(commit(5));
    assertThat(tail.find(1)).isZero();
    assertThat(tail.find(10)).isZero();
    assertThat(tail.find(11)).isEqualTo(1);
    assertThat(tail.find(16)).as("the next commit").isEqualTo(2);
    assertThat(tail.acquire(2)).isNull();
  }

  @Test
  void keepsTheLastCommitsWithinItsLimit() {
    while (tail.first() == 0) {
      tail.add(commit(LARGE));
    }
    assertThat(tail.acquire(0)).isNull();
    assertThat(tail.find(1)).as("gone from memory").isEqualTo(-1);
    assertThat(tail.find(head)).isGreaterThan(0);
  }

  @Test
  void knowsByWhenAnEventWasVisible() {
    long before = System.nanoTime();
    assertThat(tail.visibleBy(1)).as("before any commit").isLessThanOrEqualTo(before);
    tail.add(commit(10));
    long between = System.nanoTime();
    tail.add(commit(10));
    assertThat(tail.visibleBy(10)).isBetween(before, between);
    assertThat(tail.visibleBy(11)).isBetween(between, System.nanoTime());
    while (tail.first() < 2) {
      tail.add(commit(LARGE));
    }
    assertThat(tail.visibleBy(1)).as("gone from memory").isBetween(between, System.nanoTime());
  }

  @Test
  void droppedCommitsCanBeCollected() {
    WeakReference<Commit> oldest = addOne();
    while (tail.first() == 0) {
      tail.add(commit(LARGE));
    }
    await()
        .untilAsserted(() -> {
          System.gc();
          assertThat(oldest.get()).isNull();
        });
  }

  /// A separate stack frame, so that no local variable holds the commit.
  private WeakReference<Commit> addOne() {
    Commit commit = commit(1);
    tail.add(commit);
    return new WeakReference<>(commit);
  }

  private Commit commit(int size) {
    EventRecord[] events = new EventRecord[size];
    Arrays.fill(events, event);
    Commit commit = new Commit(head + 1, events, System.nanoTime());
    head += size;
    return commit;
  }
}
