package io.galerne.spring;

import static io.galerne.spring.ListenerStatus.State.ACTIVE;
import static io.galerne.spring.ListenerStatus.State.FAILING;
import static io.galerne.spring.ListenerStatus.State.PAUSED;
import static io.galerne.spring.ListenerStatus.State.STANDBY;
import static io.galerne.spring.ListenerStatus.State.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/// The contract of listeners on every database, tested with real applications on a real server.
interface ListenerContract {
  /// Survives a busy machine; the other instance checks every two seconds.
  String LONG_LEASE = "galerne.listener.lease=12s";

  /// A view of the database that can be disconnected separately. It has the table `invoice`.
  Unpluggable database();

  static String workflow() {
    return "invoice-" + UUID.randomUUID();
  }

  private ServerProcess server() {
    return ServerProcess.shared();
  }

  private void awaitInvoices(String workflow, String... executions) {
    JdbcTemplate jdbc = new JdbcTemplate(database());
    await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(
            () -> assertThat(Billing.invoices(jdbc, workflow)).containsExactly(executions));
  }

  private static void awaitState(Instance instance, ListenerStatus.State state) {
    await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(instance.status().state()).isEqualTo(state));
  }

  @Test
  default void handlesEachEventOnceAndContinuesAfterARestart() {
    String workflow = workflow();
    server().started(workflow, "a");
    server().completed(workflow, "a");
    try (Instance instance = Instance.start(database(), workflow)) {
      server().completed(workflow, "b");
      awaitInvoices(workflow, "a", "b");
      assertThat(instance.billing().calls).hasValue(2);
    }
    server().completed(workflow, "c");
    try (Instance instance = Instance.start(database(), workflow)) {
      awaitInvoices(workflow, "a", "b", "c");
      assertThat(instance.billing().calls).hasValue(1);
      await().until(() -> instance.status().position().isPresent());
      assertThat(instance.status().lastEventTime()).isPresent();
    }
  }

  @Test
  default void aListenerThatThrowsIsRolledBackAndCalledAgain() {
    String workflow = workflow();
    try (Instance instance = Instance.start(database(), workflow)) {
      AtomicBoolean failed = new AtomicBoolean();
      instance.billing().then =
          execution -> {
            if (execution.equals("b") && failed.compareAndSet(false, true)) {
              throw new IOException("the printer is out of paper");
            }
          };
      server().completed(workflow, "a");
      server().completed(workflow, "b");
      server().completed(workflow, "c");

      awaitInvoices(workflow, "a", "b", "c");
      assertThat(instance.billing().calls).hasValue(4);
      assertThat(instance.status().retries()).isEqualTo(1);
    }
  }

  @Test
  default void anEventThatKeepsFailingBecomesADeadLetter() {
    String workflow = workflow();
    JdbcTemplate jdbc = new JdbcTemplate(database());
    List<DeadLetter> letters = new ArrayList<>();
    DeadLetterHandler handler =
        letter -> {
          letters.add(letter);
          jdbc.update("INSERT INTO invoice VALUES (?, ?)", workflow, "letter-" + letters.size());
          if (letters.size() == 1) {
            throw new IllegalStateException("not yet");
          }
        };
    try (Instance instance = Instance.start(database(), handler, workflow)) {
      instance.billing().then =
          execution -> {
            if (execution.equals("b")) {
              throw new IllegalStateException("never");
            }
          };
      server().completed(workflow, "a");
      server().completed(workflow, "b");
      server().completed(workflow, "c");

      await()
          .atMost(60, TimeUnit.SECONDS)
          .untilAsserted(
              () -> assertThat(Billing.invoices(jdbc, workflow)).contains("a", "c", "letter-2"));
      assertThat(Billing.invoices(jdbc, workflow)).doesNotContain("b");
      assertThat(letters)
          .hasSize(2)
          .allSatisfy(letter -> {
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.failure()).hasMessage("never");
            assertThat(letter.event().data().workflowExecId()).isEqualTo("b");
          });
      await().until(() -> instance.status().deadLetters() == 1);
    }
  }

  @Test
  default void withoutADeadLetterHandlerNoEventIsSkipped() {
    String workflow = workflow();
    try (Instance instance = Instance.start(database(), workflow)) {
      AtomicBoolean broken = new AtomicBoolean(true);
      instance.billing().then =
          execution -> {
            if (broken.get()) {
              throw new AssertionError("broken");
            }
          };
      server().completed(workflow, "a");
      server().completed(workflow, "b");
      await().atMost(60, TimeUnit.SECONDS).until(() -> instance.billing().calls.get() > 4);
      assertThat(instance.status().state()).isEqualTo(FAILING);
      assertThat(instance.status().failure()).get().isInstanceOf(AssertionError.class);

      broken.set(false);
      awaitInvoices(workflow, "a", "b");
      awaitState(instance, ACTIVE);
    }
  }

  @Test
  default void anotherInstanceTakesOverWhenTheFirstStops() {
    String workflow = workflow();
    Unpluggable database = database();
    try (Instance second = startSecond(workflow, database)) {
      server().completed(workflow, "b");
      awaitInvoices(workflow, "a", "b");
      assertThat(second.billing().calls).hasValue(1);
    }
  }

  private Instance startSecond(String workflow, Unpluggable database) {
    try (Instance first = Instance.start(database, workflow, LONG_LEASE)) {
      awaitState(first, ACTIVE);
      Instance second = Instance.start(database(), workflow, LONG_LEASE);
      awaitState(second, STANDBY);
      server().completed(workflow, "a");
      awaitInvoices(workflow, "a");
      assertThat(second.billing().calls).hasValue(0);
      return second;
    }
  }

  @Test
  default void anotherInstanceTakesOverFromADeadOne() throws Exception {
    String workflow = workflow();
    Unpluggable firstDatabase = database();
    CountDownLatch handling = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    try (Instance first = Instance.start(firstDatabase, workflow)) {
      first.billing().then =
          execution -> {
            handling.countDown();
            hanging.await();
          };
      server().completed(workflow, "a");
      handling.await();
      firstDatabase.unplug(true);

      try (Instance second = Instance.start(database(), workflow)) {
        awaitInvoices(workflow, "a");
        assertThat(second.billing().calls).hasValue(1);
        firstDatabase.unplug(false);
        hanging.countDown();
        server().completed(workflow, "b");
        awaitInvoices(workflow, "a", "b");
      }
    }
  }

  @Test
  default void aDatabaseOutageDelaysEventsAndLosesNone() {
    String workflow = workflow();
    Unpluggable database = database();
    List<DeadLetter> letters = new ArrayList<>();
    database.unplug(true);
    try (Instance instance = Instance.start(database, letters::add, workflow)) {
      awaitState(instance, FAILING);
      assertThat(instance.status().failure()).get().asString().contains("JDBC Connection");
      database.unplug(false);
      server().completed(workflow, "a");
      awaitInvoices(workflow, "a");

      int calls = instance.billing().calls.get();
      database.unplug(true);
      server().completed(workflow, "b");
      awaitState(instance, FAILING);
      database.unplug(false);
      awaitInvoices(workflow, "a", "b");
      assertThat(instance.billing().calls).hasValue(calls + 1);
      assertThat(letters).isEmpty();
    }
  }

  @Test
  default void aPausedConsumerStopsOnAllInstancesUntilResumed() {
    String workflow = workflow();
    Unpluggable database = database();
    try (Instance first = Instance.start(database, workflow)) {
      awaitState(first, ACTIVE);
      first.listeners().pause(workflow);
      awaitState(first, PAUSED);
      server().completed(workflow, "a");
      try (Instance second = Instance.start(database(), workflow)) {
        awaitState(second, PAUSED);
        assertThat(first.billing().calls).hasValue(0);
        assertThat(second.billing().calls).hasValue(0);

        second.listeners().resume(workflow);
        awaitInvoices(workflow, "a");
      }
    }
  }

  @Test
  default void stoppingWaitsForTheCurrentEvent() throws Exception {
    String workflow = workflow();
    CountDownLatch handling = new CountDownLatch(1);
    CountDownLatch slow = new CountDownLatch(1);
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    try (Instance instance = Instance.start(database(), workflow)) {
      instance.billing().then =
          execution -> {
            handling.countDown();
            slow.await();
          };
      server().completed(workflow, "a");
      server().completed(workflow, "b");
      handling.await();

      instance.listeners().stop(() -> stopped.complete(null));
      assertThat(stopped).isNotDone();
      slow.countDown();
      stopped.get(60, TimeUnit.SECONDS);

      awaitInvoices(workflow, "a");
      assertThat(instance.billing().calls).hasValue(1);
      assertThat(instance.status().state()).isEqualTo(STOPPED);

      instance.listeners().start();
      awaitInvoices(workflow, "a", "b");
    }
  }
}
