package io.galerne.spring;

import io.galerne.client.Mistral;
import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.checkpoint.JdbcClaim;
import io.galerne.client.stream.Disconnect;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamListener;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One consumer on this instance. Its thread acquires the lease on the consumer's name, reads
/// events, handles each in a transaction, and starts over after a failure.
///
/// The consumer's thread owns everything except these: any thread reads [#stopping], [#term] and
/// [#status]; the stopping thread sets `stopping`; the monitor guards [#reading].
final class EventConsumer {
  private static final System.Logger LOG = System.getLogger(EventConsumer.class.getName());

  private final ListenerMethod method;
  private final Mistral mistral;
  private final ListenerDatabase database;
  private final ListenerSettings settings;
  private final ObservationRegistry observations;
  private final @Nullable DeadLetterHandler deadLetters;
  private final Lease lease;
  private final Semaphore wake = new Semaphore(0);

  private volatile boolean stopping;
  private volatile Lease.@Nullable Term term;
  private volatile ListenerStatus status;
  private volatile @Nullable Thread thread;
  private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
  private boolean reading;
  private int failures;

  EventConsumer(
      ListenerMethod method,
      Mistral mistral,
      ListenerDatabase database,
      ListenerSettings settings,
      ObservationRegistry observations,
      @Nullable DeadLetterHandler deadLetters) {
    this.method = method;
    this.mistral = mistral;
    this.database = database;
    this.settings = settings;
    this.observations = observations;
    this.deadLetters = deadLetters;
    this.lease =
        new Lease(database.leases(), method.consumer(), settings.lease(), System::nanoTime);
    this.status = ListenerStatus.stopped(method.consumer());
  }

  ListenerStatus status() {
    return status;
  }

  // Called by other threads.

  /// Starts the consumer's thread, which keeps the application alive.
  void start() {
    stopping = false;
    CompletableFuture<Void> end = new CompletableFuture<>();
    ended = end;
    Thread started = new Thread(() -> run(end), "galerne-" + method.consumer());
    started.setDaemon(false);
    thread = started;
    started.start();
  }

  /// Stops after the current event, if any.
  ///
  /// @return completes when the thread has ended
  CompletableFuture<Void> stop() {
    stopping = true;
    wakeUp();
    return ended;
  }

  /// Interrupts the thread. An uncommitted transaction is rolled back.
  void interrupt() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /// Renews the lease if this instance holds it.
  void beat() {
    Lease.Term current = term;
    if (current == null || !current.holds()) {
      return;
    }
    try {
      current.renew();
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING, "The lease of consumer '" + method.consumer() + "' was not renewed", e);
    }
    if (!current.holds()) {
      wakeUp();
    }
  }

  /// Releases the lease after the current event, if any.
  void letGo() {
    Lease.Term current = term;
    if (current != null) {
      current.end();
    }
    wakeUp();
  }

  /// Wakes the thread so that it checks its state at once.
  void wakeUp() {
    synchronized (this) {
      Thread running = thread;
      if (reading && running != null && !mayWork()) {
        running.interrupt();
      }
    }
    wake.release();
  }

  // Called by the consumer's thread.

  private void run(CompletableFuture<Void> end) {
    try {
      while (!stopping) {
        Duration pause = work();
        await(pause);
      }
    } catch (InterruptedException e) {
      LOG.log(Level.INFO, "Consumer '" + method.consumer() + "' was interrupted");
    } catch (Throwable e) {
      LOG.log(Level.ERROR, "Consumer '" + method.consumer() + "' died", e);
      throw e;
    } finally {
      status = status.now(ListenerStatus.State.STOPPED);
      end.complete(null);
    }
  }

  /// Handles events for as long as this instance holds the lease.
  ///
  /// @return how long to wait before the next attempt
  private Duration work() throws InterruptedException {
    try {
      database.createTables();
      Lease.Found found = lease.tryTake();
      if (found instanceof Lease.Found.Taken taken) {
        consume(taken.term());
        return Duration.ZERO;
      }
      boolean paused = found instanceof Lease.Found.Paused;
      status = status.now(paused ? ListenerStatus.State.PAUSED : ListenerStatus.State.STANDBY);
      failures = 0;
      return settings.beat();
    } catch (RuntimeException | Error e) {
      if (stopping) {
        LOG.log(Level.DEBUG, "Failed while stopping", e);
        return Duration.ZERO;
      }
      failures++;
      status = status.failing(e);
      Duration pause = settings.backoffAfter(failures);
      LOG.log(
          Level.WARNING, "Consumer '" + method.consumer() + "' failed; retrying in " + pause, e);
      return pause;
    }
  }

  private void consume(Lease.Term taken) throws InterruptedException {
    term = taken;
    try {
      JdbcClaim claim = database.claim(method.consumer());
      Checkpoint after = claim.checkpoint().orElse(null);
      if (after != null) {
        status = status.at(after.sequence());
      }
      read(claim, after);
    } catch (RuntimeException | Error e) {
      // Only the database knows whether the instance that claimed the position holds the lease too.
      boolean replaced = e instanceof ListenerDatabase.ReplacedException && !taken.renew();
      if (taken.holds() && !replaced && !stopping) {
        throw e;
      }
      LOG.log(Level.DEBUG, "Consumer '" + method.consumer() + "' releases its lease", e);
    } finally {
      term = null;
      release(taken);
    }
  }

  private void release(Lease.Term taken) {
    try {
      taken.release();
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "The lease of consumer '"
              + method.consumer()
              + "' was not released: others wait for "
              + settings.lease(),
          e);
    }
  }

  private void read(JdbcClaim claim, @Nullable Checkpoint after) throws InterruptedException {
    try (EventStream stream =
        interruptibly(
            () -> mistral.events().getStreamEvents(method.request(after, new Connections())))) {
      Iterator<StreamEvent> events = stream.iterator();
      boolean handled = true;
      while (handled && mayWork() && interruptibly(events::hasNext)) {
        StreamEvent event = events.next();
        handled = deliver(event, stream.position().orElseThrow(), claim);
      }
      if (handled && mayWork()) {
        throw new IllegalStateException("The stream has ended: " + stream.ending().orElseThrow());
      }
    }
  }

  /// Whether the consumer may handle another event.
  private boolean mayWork() {
    Lease.Term current = term;
    return !stopping && current != null && current.holds();
  }

  /// Reads from the server; interrupted when the consumer must stop working.
  private <T> T interruptibly(Supplier<T> step) {
    synchronized (this) {
      if (!mayWork()) {
        throw new IllegalStateException("The consumer must stop reading");
      }
      reading = true;
    }
    try {
      return step.get();
    } finally {
      synchronized (this) {
        reading = false;
        if (!mayWork()) {
          Thread.interrupted(); // must not reach the database
        }
      }
    }
  }

  private final class Connections implements StreamListener {
    @Override
    public void onConnect(String url) {
      failures = 0;
      status = status.now(ListenerStatus.State.ACTIVE);
    }

    @Override
    public void onDisconnect(Disconnect disconnect) {
      if (disconnect.reason() != Disconnect.Reason.ROTATION) {
        status =
            status.failing(
                disconnect
                    .failure()
                    .orElseGet(() -> new IllegalStateException(disconnect.message())));
      }
    }
  }

  // Handling.

  /// Handles an event, with as many attempts as needed.
  ///
  /// @return false if the consumer must stop working and the event was not handled
  private boolean deliver(StreamEvent event, Checkpoint position, JdbcClaim claim)
      throws InterruptedException {
    if (!method.accepts(event)) {
      database.skip(claim, position);
      status = status.at(position.sequence());
      return true;
    }
    for (int attempt = 1; mayWork(); attempt++) {
      Throwable failure = attempt(event, position, claim);
      if (failure == null) {
        status = status.handled(position.sequence(), event.data().eventTimestamp());
        return true;
      }
      Lease.Term current = term;
      // If the database does not respond, this throws, so that the failure does not count as an
      // attempt.
      if (current == null || !current.renew()) {
        return false;
      }
      status = status.retrying(failure);
      if (deadLetters != null && attempt >= settings.maxAttempts()) {
        giveUp(new DeadLetter(method.consumer(), event, attempt, failure), position, claim);
        return true;
      }
      Duration pause = settings.backoffAfter(attempt);
      LOG.log(
          Level.WARNING,
          "%s failed at sequence %d, attempt %d; retrying in %s"
              .formatted(method, event.brokerSequence(), attempt, pause),
          failure);
      awaitWhileWorking(pause);
    }
    return false;
  }

  private @Nullable Throwable attempt(StreamEvent event, Checkpoint position, JdbcClaim claim) {
    Event data = event.data();
    try {
      Observation.createNotStarted("galerne.listener", observations)
          .contextualName("galerne " + method.consumer())
          .lowCardinalityKeyValue("consumer", method.consumer())
          .lowCardinalityKeyValue("event.type", data.type().map(Enum::name).orElse("UNKNOWN"))
          .highCardinalityKeyValue("workflow.exec.id", data.workflowExecId())
          .highCardinalityKeyValue("broker.sequence", Long.toString(event.brokerSequence()))
          .observeChecked(() -> database.commit(claim, position, () -> method.call(event)));
      return null;
    } catch (ListenerDatabase.ReplacedException e) {
      throw e;
    } catch (Throwable e) { // the event is retried after any failure
      return e;
    }
  }

  private void giveUp(DeadLetter letter, Checkpoint position, JdbcClaim claim) {
    DeadLetterHandler handler = deadLetters;
    if (handler == null) {
      return;
    }
    try {
      database.commit(claim, position, () -> handler.handle(letter));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("The DeadLetterHandler failed: " + e.getMessage(), e);
    }
    LOG.log(
        Level.ERROR,
        "%s failed at sequence %d, last attempt %d; handled as a dead letter"
            .formatted(method, position.sequence(), letter.attempts()),
        letter.failure());
    status =
        status
            .handled(position.sequence(), letter.event().data().eventTimestamp())
            .oneMoreDeadLetter();
  }

  // Waiting.

  private void awaitWhileWorking(Duration pause) throws InterruptedException {
    long until = System.nanoTime() + pause.toNanos();
    for (long left = pause.toNanos(); mayWork() && left > 0; left = until - System.nanoTime()) {
      await(Duration.ofNanos(left));
    }
  }

  /// Waits, but returns early when woken.
  private void await(Duration pause) throws InterruptedException {
    if (!stopping && wake.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
      wake.drainPermits();
    }
  }
}
