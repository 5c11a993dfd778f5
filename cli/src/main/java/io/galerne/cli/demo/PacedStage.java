package io.galerne.cli.demo;

import io.galerne.client.Events;
import io.galerne.protocol.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// Plays stories against a server at a chosen speed until stopped. Like a worker, it publishes an
/// event only after the server has stored the one before. It stops between events, so that it is
/// known which were published.
final class PacedStage implements Stage {
  private final Events server;
  private final Ledger ledger;
  private final double speed;
  private final CountDownLatch stop;

  /// @param speed how many times faster than real time
  /// @param stop ends every pause when it reaches zero
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
