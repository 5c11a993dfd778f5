package io.galerne.cli;

import java.util.concurrent.Callable;

/// Ends the process in order when it is told to end, by SIGTERM, SIGHUP or Ctrl-C. The process then
/// exits with the code that the ending gives, where Java by itself would exit with 143, 129 or 130.
final class StopSignal implements AutoCloseable {
  private final Thread hook;

  private StopSignal(Thread hook) {
    this.hook = hook;
  }

  /// @param ending runs once, on a thread of its own, and gives the exit code
  static StopSignal onStop(Callable<Integer> ending) {
    Thread hook = new Thread(() -> end(ending), "galerne-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    return new StopSignal(hook);
  }

  private static void end(Callable<Integer> ending) {
    int code = 1;
    try {
      code = ending.call();
    } catch (Exception e) {
      System.err.println("galerne: the end was not in order: " + e);
    } finally {
      System.out.flush();
      Runtime.getRuntime().halt(code);
    }
  }

  /// What was to end has ended by itself.
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // the hook runs and ends the process
    }
  }
}
