package io.galerne.spring;

import io.galerne.client.Mistral;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/// All listeners of the application. Starts them last and stops them first, pauses and resumes them
/// by consumer name, and reports their status. Thread-safe.
///
/// ```text
/// listeners.pause("billing");
/// listeners.resume("billing");
/// listeners.status("billing").state();
/// ```
public final class WorkflowEventListeners
    implements SmartInitializingSingleton, SmartLifecycle, DisposableBean {
  /// The time for handlers to react to an interrupt after the shutdown timeout.
  private static final Duration INTERRUPTED = Duration.ofSeconds(2);

  private final ConfigurableListableBeanFactory beans;
  private final Mistral mistral;
  private final ObjectProvider<ListenerDatabase> databases;
  private final ObjectProvider<DeadLetterHandler> deadLetters;
  private final ObservationRegistry observations;
  private final ListenerSettings settings;
  private final Map<String, EventConsumer> consumers = new LinkedHashMap<>();
  private @Nullable ListenerDatabase database;
  private @Nullable ScheduledExecutorService heart;

  /// @param beans the beans to search for listener methods
  /// @param databases used only if there is a listener
  public WorkflowEventListeners(
      ConfigurableListableBeanFactory beans,
      Mistral mistral,
      ObjectProvider<ListenerDatabase> databases,
      ObjectProvider<DeadLetterHandler> deadLetters,
      ObservationRegistry observations,
      ListenerSettings settings) {
    this.beans = beans;
    this.mistral = mistral;
    this.databases = databases;
    this.deadLetters = deadLetters;
    this.observations = observations;
    this.settings = settings;
  }

  /// Finds the listeners.
  ///
  /// @throws IllegalStateException if they have no database, or two have the same consumer
  @Override
  public void afterSingletonsInstantiated() {
    for (ListenerMethod method : new ListenerScan(beans).methods()) {
      if (database == null) {
        database = databases.getIfAvailable();
      }
      if (database == null) {
        throw new IllegalStateException(
            "The listener "
                + (method
                    + " keeps its position in a database: add spring-boot-starter-jdbc, and a")
                + " DataSource");
      }
      EventConsumer consumer =
          new EventConsumer(
              method, mistral, database, settings, observations, deadLetters.getIfAvailable());
      if (consumers.put(method.consumer(), consumer) != null) {
        throw new IllegalStateException(
            "Two listeners have the consumer '"
                + (method.consumer() + "'; " + method + " is one of them: give each its own"));
      }
    }
  }

  /// Pauses a consumer on all instances until it is resumed, even across restarts. The current
  /// event is finished. This instance pauses at once, others within a sixth of the lease.
  ///
  /// @throws IllegalArgumentException if no listener of this application has that consumer
  /// @throws org.springframework.dao.DataAccessException if the database does not respond
  public void pause(String consumer) {
    EventConsumer paused = consumer(consumer);
    leases().pause(consumer, true);
    paused.letGo();
  }

  /// Resumes a consumer on all instances, where it left off.
  ///
  /// @throws IllegalArgumentException if no listener of this application has that consumer
  /// @throws org.springframework.dao.DataAccessException if the database does not respond
  public void resume(String consumer) {
    EventConsumer resumed = consumer(consumer);
    leases().pause(consumer, false);
    resumed.wakeUp();
  }

  /// The status of a consumer on this instance.
  ///
  /// @throws IllegalArgumentException if no listener of this application has that consumer
  public ListenerStatus status(String consumer) {
    return consumer(consumer).status();
  }

  /// The status of all consumers on this instance.
  public List<ListenerStatus> statuses() {
    return consumers.values().stream().map(EventConsumer::status).toList();
  }

  private EventConsumer consumer(String name) {
    EventConsumer consumer = consumers.get(name);
    if (consumer == null) {
      throw new IllegalArgumentException(
          "No @WorkflowEventListener has the consumer '" + name + "', only " + consumers.keySet());
    }
    return consumer;
  }

  private LeaseTable leases() {
    ListenerDatabase present = database;
    if (present == null) {
      throw new IllegalStateException("There are no listeners");
    }
    present.createTables();
    return present.leases();
  }

  // Lifecycle.

  @Override
  public boolean isAutoStartup() {
    return settings.autoStartup();
  }

  @Override
  public synchronized boolean isRunning() {
    return heart != null;
  }

  @Override
  public synchronized void start() {
    if (heart != null || consumers.isEmpty()) {
      return;
    }
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(task -> {
          Thread thread = new Thread(task, "galerne-leases");
          thread.setDaemon(true);
          return thread;
        });
    heart = started;
    long beat = settings.beat().toNanos();
    consumers
        .values()
        .forEach(consumer -> {
          consumer.start();
          started.scheduleWithFixedDelay(consumer::beat, beat, beat, TimeUnit.NANOSECONDS);
        });
  }

  /// Stops all consumers, and waits for their current events.
  @Override
  public void stop() {
    stopAll().join();
  }

  @Override
  public void stop(Runnable callback) {
    stopAll().thenRun(callback);
  }

  private synchronized CompletableFuture<Void> stopAll() {
    CompletableFuture<?>[] ends =
        consumers.values().stream().map(EventConsumer::stop).toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(ends).thenRun(this::stopHeart);
  }

  private synchronized void stopHeart() {
    if (heart != null) {
      heart.shutdownNow();
      heart = null;
    }
  }

  /// Interrupts the consumers that still run after the shutdown timeout.
  @Override
  public void destroy() throws InterruptedException {
    CompletableFuture<Void> end = stopAll();
    if (!end.isDone()) {
      consumers.values().forEach(EventConsumer::interrupt);
    }
    try {
      end.get(INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // Its transaction rolls back when the connection pool closes.
      stopHeart();
    }
  }
}
