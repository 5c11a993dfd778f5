package io.galerne.bench.scenario;

import io.galerne.bench.load.SseReaders;
import io.galerne.bench.server.EventServer;
import java.util.List;

/// P9: the memory of an idle reader. All servers have had some readers before, so that one-time
/// costs of the first readers (code, pools) are not counted.
public final class IdleMemory implements Scenario {
  private static final int EARLIER_READERS = 500;

  @Override
  public String id() {
    return "p9";
  }

  @Override
  public String work() {
    return "resident memory per idle reader, 10,000 readers of as many executions";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int readers = lab.count(IdleReaders.IDLE, 2_000);
    OpenFiles.require(readers);
    double nchan = kilobytes(lab, lab.startNchan(), readers);
    // It ends a stream after a minute, and needs longer than that to open more.
    int fewer = readers / 2;
    double durableStreams = kilobytes(lab, lab.startDurableStreams(fewer), fewer);
    double ours = kilobytes(lab, lab.startGalerne(), readers);
    return List.of(
        Finding.beside(
            work(), "Durable Streams", durableStreams, ours, Unit.KILOBYTES, new Target.AtMost(4)),
        Finding.beside("the same", "nchan", nchan, ours, Unit.KILOBYTES, new Target.None()));
  }

  private static double kilobytes(Lab lab, EventServer server, int readers) {
    try (server) {
      open(lab, server, EARLIER_READERS).close();
      settle(lab);
      long before = server.process().residentBytes();
      try (SseReaders _ = open(lab, server, readers)) {
        settle(lab);
        long after = server.process().residentBytes();
        lab.tell(
            "%s: resident %,d KB, with readers %,d KB"
                .formatted(server.name(), before / 1024, after / 1024));
        return (after - before) / 1024.0 / readers;
      }
    }
  }

  private static SseReaders open(Lab lab, EventServer server, int readers) {
    return SseReaders.open(
        lab.readersLoop(), server.address(), readers, server::stream, IdleReaders.OPEN_WITHIN);
  }

  private static void settle(Lab lab) {
    try {
      Thread.sleep(lab.seconds(20)); // servers give memory back with a delay
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while memory settles", e);
    }
  }
}
