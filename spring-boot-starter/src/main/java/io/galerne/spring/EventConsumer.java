package io.galerne.spring;

import io.galerne.client.Checkpoint;
import io.galerne.client.Disconnect;
import io.galerne.client.EventStream;
import io.galerne.client.Mistral;
import io.galerne.client.StreamListener;
import io.galerne.client.checkpoint.JdbcClaim;
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

/// One consumer on this instance. Its thread waits for the consumer's name, reads events, has each
/// handled in a transaction, and starts over after whatever failed.
///
/// The consumer's thread owns everything but these: [#stopping], [#term] and [#status] are read by
/// any thread; `stopping` is set by whoever stops it; [#reading] is guarded by this.
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

  // From other threads.

  /// Starts its thread, which keeps the application alive.
  void start() {
    stopping = false;
    CompletableFuture<Void> end = new CompletableFuture<>();
    ended = end;
    Thread started = new Thread(() -> run(end), "galerne-" + method.consumer());
    started.setDaemon(false);
    thread = started;
    started.start();
  }

  /// Stops once the event that is being handled, if any, is done.
  ///
  /// @return done when its thread has ended
  CompletableFuture<Void> stop() {
    stopping = true;
    wakeUp();
    return ended;
  }

  /// Interrupts whatever it does. A transaction that does not commit is rolled back.
  void interrupt() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /// Gives a sign of life if it has its name.
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

  /// Lets go of its name once the event that is being handled, if any, is done.
  void letGo() {
    Lease.Term current = term;
    if (current != null) {
      current.end();
    }
    wakeUp();
  }

  /// Has it look at once whether there is something else to do.
  void wakeUp() {
    synchronized (this) {
      Thread running = thread;
      if (reading && running != null && !mayWork()) {
        running.interrupt();
      }
    }
    wake.release();
  }

  // On its own thread.

  private void run(CompletableFuture<Void> end) {
    try {
      while (!stopping) {
        Duration pause = work();
        await(pause);
      }
    } catch (InterruptedException e) {
      LOG.log(Level.INFO, "Consumer '" + method.consumer() + "' was interrupted");
    } catch (Throwable e) {
      LOG.log(Level.ERROR, "Consumer '" + method.consumer() + "' has died", e);
      throw e;
    } finally {
      status = status.now(ListenerStatus.State.STOPPED);
      end.complete(null);
    }
  }

  /// Works for as long as it has the name.
  ///
  /// @return how long to wait before the next try
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
        LOG.log(Level.DEBUG, "Failed while it stopped", e);
        return Duration.ZERO;
      }
      failures++;
      status = status.failing(e);
      Duration pause = settings.backoffAfter(failures);
      LOG.log(
          Level.WARNING,
          "Consumer '" + method.consumer() + "' failed and tries again in " + pause,
          e);
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
      // Only the database knows whether whoever claimed the position has the name too.
      boolean replaced = e instanceof ListenerDatabase.ReplacedException && !taken.renew();
      if (taken.holds() && !replaced && !stopping) {
        throw e;
      }
      LOG.log(Level.DEBUG, "Consumer '" + method.consumer() + "' lets go of its name", e);
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

  /// Whether it may handle another event.
  private boolean mayWork() {
    Lease.Term current = term;
    return !stopping && current != null && current.holds();
  }

  /// Reads from the server, which is interrupted if this may not work any more.
  private <T> T interruptibly(Supplier<T> step) {
    synchronized (this) {
      if (!mayWork()) {
        throw new IllegalStateException("It may not read any more");
      }
      reading = true;
    }
    try {
      return step.get();
    } finally {
      synchronized (this) {
        reading = false;
        if (!mayWork()) {
          Thread.interrupted(); // the database must not see it
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

  /// Has an event handled, as often as it takes.
  ///
  /// @return false if it may not work any more, and the event was not handled
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
      // If the database does not answer, this throws: what failed does not count as an attempt.
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
          "%s failed at sequence %d, attempt %d; the next one is in %s"
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
    } catch (Throwable e) { // whatever it is, the event waits for it
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
        "%s failed at sequence %d for the last time, attempt %d: a dead letter"
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

  /// Waits, but not once something may have changed.
  private void await(Duration pause) throws InterruptedException {
    if (!stopping && wake.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
      wake.drainPermits();
    }
  }
}
