package io.galerne.bench;

import io.galerne.bench.scenario.BatchPublish;
import io.galerne.bench.scenario.GrowingLog;
import io.galerne.bench.scenario.IdleMemory;
import io.galerne.bench.scenario.IdleReaders;
import io.galerne.bench.scenario.Lab;
import io.galerne.bench.scenario.ManyExecutions;
import io.galerne.bench.scenario.OneExecution;
import io.galerne.bench.scenario.OneExecutionBurst;
import io.galerne.bench.scenario.PublishToNats;
import io.galerne.bench.scenario.ReadStream;
import io.galerne.bench.scenario.ReplayAll;
import io.galerne.bench.scenario.RunLists;
import io.galerne.bench.scenario.Scenario;
import io.galerne.bench.scenario.SinglePublish;
import io.galerne.bench.scenario.Startup;
import io.galerne.bench.scenario.TwoNodes;
import java.util.List;

/// Runs scenarios and prints their results as one Markdown table. See `bench/run --help`.
public final class Bench {
  private static final List<Scenario> SCENARIOS =
      List.of(
          new OneExecution(),
          new OneExecutionBurst(),
          new ManyExecutions(),
          new IdleReaders(),
          new BatchPublish(),
          new SinglePublish(),
          GrowingLog.embedded(),
          new ReplayAll(),
          new IdleMemory(),
          new Startup(),
          new ReadStream(),
          new RunLists(),
          new TwoNodes(),
          new PublishToNats(),
          GrowingLog.onNats());

  private Bench() {}

  /// Exits with 0 if everything was measured, even if targets were missed, with 1 if something
  /// could not be measured, and with 2 for wrong arguments.
  public static void main(String[] arguments) {
    Request request;
    try {
      request = Request.parse(List.of(arguments), SCENARIOS);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (request.help()) {
      System.out.print(Request.helpText(SCENARIOS));
      return;
    }
    System.exit(run(request) ? 0 : 1);
  }

  private static boolean run(Request request) {
    Report report = new Report(request);
    boolean measured = true;
    try (Lab lab =
        new Lab(request.launcher(), request.folder(), request.quick(), request.logSizes())) {
      for (Scenario scenario : request.scenarios()) {
        lab.tell(scenario.id() + ", " + scenario.work());
        try {
          report.add(scenario, scenario.run(lab));
        } catch (RuntimeException e) {
          e.printStackTrace();
          report.addFailure(scenario, e);
          measured = false;
        }
      }
    }
    System.out.print(report.markdown());
    return measured;
  }
}
