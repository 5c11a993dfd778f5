package io.galerne.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/// Publishes batches one after the other, as fast as they are answered, and collects the answered
/// ids. For one thread.
public final class Publisher implements Callable<List<String>> {
  /// Creates the next event.
  @FunctionalInterface
  public interface Source {
    String event(String id, Random random);
  }

  private final RunningServer server;
  private final String name;
  private final int events;
  private final int mostInBatch;
  private final Random random;
  private final Source source;
  private final Runnable afterBatch;

  /// @param events how many to publish
  /// @param mostInBatch the size of a batch is random, from 1 to this
  /// @param afterBatch runs after each batch that was answered
  public Publisher(
      RunningServer server,
      String name,
      int events,
      int mostInBatch,
      Random random,
      Source source,
      Runnable afterBatch) {
    this.server = server;
    this.name = name;
    this.events = events;
    this.mostInBatch = mostInBatch;
    this.random = random;
    this.source = source;
    this.afterBatch = afterBatch;
  }

  @Override
  public List<String> call() {
    List<String> ids = new ArrayList<>();
    while (ids.size() < events) {
      List<String> batch = new ArrayList<>();
      int size = Math.min(events - ids.size(), 1 + random.nextInt(mostInBatch));
      for (int i = 0; i < size; i++) {
        String id = name + "-" + ids.size();
        ids.add(id);
        batch.add(source.event(id, random));
      }
      server.publish(batch);
      afterBatch.run();
    }
    return ids;
  }
}
