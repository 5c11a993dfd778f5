package io.galerne.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.spring.Lease.Found;
import io.galerne.spring.Lease.Term;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class LeaseTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // overflows soon
  private LeaseTable table;
  private Lease here;
  private Lease there;

  @BeforeEach
  void create(TestInfo test) {
    DataSource database = H2ListenerTest.memory(test.getTestMethod().orElseThrow().getName());
    table =
        new LeaseTable(
            new JdbcTemplate(database),
            new TransactionTemplate(new DataSourceTransactionManager(database)));
    table.create();
    here = new Lease(table, "billing", LEASE, clock::get);
    there = new Lease(table, "billing", LEASE, clock::get);
  }

  private static Term taken(Found found) {
    assertThat(found).isInstanceOf(Found.Taken.class);
    return ((Found.Taken) found).term();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void oneOfTwoTakesAFreeLease() {
    Term term = taken(here.tryTake());

    assertThat(there.tryTake()).isEqualTo(new Found.Held());
    assertThat(term.holds()).isTrue();
  }

  @Test
  void onlyOneOfTwoRacingInstancesTakesTheLease() {
    LeaseTable.Row read = table.row("billing");

    assertThat(table.take("billing", read)).isPresent();
    assertThat(table.take("billing", read)).isEmpty();
  }

  @Test
  void aReleasedLeaseIsFreeAtOnce() {
    Term term = taken(here.tryTake());
    assertThat(there.tryTake()).isEqualTo(new Found.Held());

    term.release();

    assertThat(term.holds()).isFalse();
    taken(there.tryTake());
  }

  @Test
  void anotherTakesOverWithoutRenewalsForTheWholeLease() {
    Term term = taken(here.tryTake());
    pass(LEASE.multipliedBy(2)); // does not count: nobody checked
    assertThat(there.tryTake()).isEqualTo(new Found.Held());
    pass(LEASE.minusNanos(1));
    assertThat(there.tryTake()).isEqualTo(new Found.Held());
    pass(Duration.ofNanos(1));

    Term next = taken(there.tryTake());

    assertThat(next.holds()).isTrue();
    assertThat(term.renew()).isFalse();
    assertThat(term.holds()).isFalse();
  }

  @Test
  void aRenewalDelaysTheTakeover() {
    Term term = taken(here.tryTake());
    assertThat(there.tryTake()).isEqualTo(new Found.Held());
    pass(LEASE.minusNanos(1));
    assertThat(term.renew()).isTrue();
    pass(Duration.ofNanos(1));

    assertThat(there.tryTake()).isEqualTo(new Found.Held());
    assertThat(term.holds()).isTrue();
  }

  @Test
  void anUnrenewedTermEndsBeforeAnotherBegins() {
    Term term = taken(here.tryTake());
    pass(LEASE.minusNanos(1));
    assertThat(term.holds()).isTrue();
    pass(Duration.ofNanos(1));

    assertThat(term.holds()).isFalse();
    assertThat(there.tryTake()).isEqualTo(new Found.Held());
  }

  @Test
  void anEndedTermIsNotRevived() {
    Term term = taken(here.tryTake());
    pass(LEASE);
    assertThat(term.holds()).isFalse();

    assertThat(term.renew()).isFalse();
    assertThat(term.holds()).isFalse();
  }

  @Test
  void pausingEndsTheTermAndBlocksTheLease() {
    Term term = taken(here.tryTake());

    table.pause("billing", true);

    assertThat(term.renew()).isFalse();
    assertThat(here.tryTake()).isEqualTo(new Found.Paused());
    table.pause("billing", false);
    term.release();
    taken(there.tryTake());
  }

  @Test
  void aConsumerThatNeverRanCanBePaused() {
    table.pause("invoicing", true);

    assertThat(table.row("invoicing").paused()).isTrue();
  }
}
