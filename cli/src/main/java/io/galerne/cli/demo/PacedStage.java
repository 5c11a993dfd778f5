package io.galerne.cli.demo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// Plays stories against a server, as fast as is wanted, until they are told to stop. They stop
/// between events and never within one, so that what was published is known.
final class PacedStage implements Stage {
  private final Publisher publisher;
  private final Ledger ledger;
  private final double speed;
  private final CountDownLatch stop;

  /// @param speed how many times faster than life
  /// @param stop ends every pause once it is down
  PacedStage(Publisher publisher, Ledger ledger, double speed, CountDownLatch stop) {
    this.publisher = publisher;
    this.ledger = ledger;
    this.speed = speed;
    this.stop = stop;
  }

  @Override
  public void publish(List<ObjectNode> events) {
    ledger.publishing(events);
    publisher.publish(events);
  }

  @Override
  public void pause(Duration time) {
    try {
      if (stop.await((long) (time.toNanos() / speed), TimeUnit.NANOSECONDS)) {
        throw new StoppedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
  }
}
