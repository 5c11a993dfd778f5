package io.galerne.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.Commit;
import io.galerne.server.log.Field;
import java.util.ArrayList;
import java.util.List;

/// A node of a log for tests, which records the events that it follows. Safe for use by several
/// threads.
final class LogNode implements AutoCloseable {
  private final JetStreamEventLog log;
  private final List<Followed> followed = new ArrayList<>();

  /// An event that a follower received.
  record Followed(long sequence, String eventId) {}

  LogNode(JetStreamEventLog log) {
    this.log = log;
    log.follow(this::keep);
  }

  private synchronized void keep(Commit commit) {
    for (int i = 0; i < commit.size(); i++) {
      String id = String.valueOf(commit.events()[i].text(Field.EVENT_ID));
      followed.add(new Followed(commit.sequence(i), id));
    }
  }

  JetStreamEventLog log() {
    return log;
  }

  synchronized List<Followed> followed() {
    return List.copyOf(followed);
  }

  /// Asserts that sequences ascend and no event is repeated.
  void assertOrderly() {
    List<Followed> all = followed();
    assertThat(all).extracting(Followed::sequence).isSorted().doesNotHaveDuplicates();
    assertThat(all).extracting(Followed::eventId).doesNotHaveDuplicates();
  }

  @Override
  public void close() {
    log.close();
  }
}
