package io.galerne.bench.scenario;

import io.galerne.bench.load.Clock;
import io.galerne.bench.server.Galerne;
import java.util.ArrayList;
import java.util.List;

/// P10: the time from starting the launcher script to the line with the server's address.
public final class Startup implements Scenario {
  private static final int STARTS = 9;

  @Override
  public String id() {
    return "p10";
  }

  @Override
  public String work() {
    return "start to ready, empty store";
  }

  @Override
  public List<Finding> run(Lab lab) {
    // The first start may build, and loads the files into memory.
    lab.startGalerne().close();
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < lab.count(STARTS, 1); i++) {
      long start = Clock.now();
      try (Galerne _ = lab.startGalerne()) {
        seconds.add((Clock.now() - start) / 1e9);
      }
    }
    return List.of(Finding.alone(work(), seconds, Unit.SECONDS, new Target.AtMost(0.5)));
  }
}
