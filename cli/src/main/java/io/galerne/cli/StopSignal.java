package io.galerne.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends the process in order when it is told to end, by SIGTERM, SIGHUP or Ctrl-C.
public final class StopSignal implements AutoCloseable {
  /// What a command finishes when it is told to end takes milliseconds; a reader that does not read
  /// must not keep it for ever.
  private static final long LONGEST_END_SECONDS = 5;

  private final Thread hook;
  private final CountDownLatch ended;

  private StopSignal(Thread hook, CountDownLatch ended) {
    this.hook = hook;
    this.ended = ended;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// The process exits with the code that the ending gives, where Java by itself would exit with
  /// 143, 129 or 130.
  ///
  /// @param ending runs once, on a thread of its own, and gives the exit code
  static StopSignal onStop(Callable<Integer> ending) {
    return new StopSignal(new Thread(() -> end(ending), "galerne-stop"), new CountDownLatch(1));
  }

  /// Asks what is under way to end, and waits until it has: until this is closed. The exit code is
  /// Java's, 128 and the signal's number, as of a command that the signal had ended by itself.
  ///
  /// @param ending runs once, on a thread of its own
  public static StopSignal beforeExit(Runnable ending) {
    CountDownLatch ended = new CountDownLatch(1);
    Runnable hook =
        () -> {
          ending.run();
          awaitEnd(ended);
        };
    return new StopSignal(new Thread(hook, "galerne-stop"), ended);
  }

  private static void awaitEnd(CountDownLatch ended) {
    try {
      if (!ended.await(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("galerne: ended without waiting for what was under way");
      }
    } catch (InterruptedException e) {
      Thread.currentThread()
          .interrupt(); // nobody does that to a hook; then the process ends at once
    }
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
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // the hook runs, and the process ends
    }
  }
}
