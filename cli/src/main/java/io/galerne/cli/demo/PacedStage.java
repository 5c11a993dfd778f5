package io.galerne.cli.demo;

import io.galerne.client.Events;
import io.galerne.protocol.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// Plays stories against a server, as a worker does: the next event is published only once the
/// server has this one. As fast as is wanted, until they are told to stop. They stop
/// between events and never within one, so that what was published is known.
final class PacedStage implements Stage {
  private final Events server;
  private final Ledger ledger;
  private final double speed;
  private final CountDownLatch stop;

  /// @param speed how many times faster than life
  /// @param stop ends every pause once it is down
  PacedStage(Events server, Ledger ledger, double speed, CountDownLatch stop) {
    this.server = server;
    this.ledger = ledger;
    this.speed = speed;
    this.stop = stop;
  }

  @Override
  public void publish(List<ObjectNode> events) {
    ledger.publishing(events);
    if (events.size() == 1) {
      server.sendEvent(request -> request.event(json(events.getFirst())));
    } else {
      server.sendEventsBatch(batch -> events.forEach(event -> batch.event(json(event))));
    }
  }

  private static Json json(ObjectNode event) {
    return Json.ofValue(event);
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
