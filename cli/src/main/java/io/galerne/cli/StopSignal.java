package io.galerne.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Shuts the process down cleanly on SIGTERM, SIGHUP or Ctrl-C.
public final class StopSignal implements AutoCloseable {
  /// A command's cleanup takes milliseconds; a reader that does not read must not delay it
  /// indefinitely.
  private static final long LONGEST_END_SECONDS = 5;

  private final Thread hook;
  private final CountDownLatch ended;

  private StopSignal(Thread hook, CountDownLatch ended) {
    this.hook = hook;
    this.ended = ended;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      hook.start(); // the signal came while the command was starting
    }
  }

  /// Makes the process exit with the code that `ending` returns, instead of Java's 143, 129 or 130.
  ///
  /// @param ending runs once, on a thread of its own, and gives the exit code
  public static StopSignal onStop(Callable<Integer> ending) {
    return new StopSignal(new Thread(() -> end(ending), "galerne-stop"), new CountDownLatch(1));
  }

  /// On a signal, ends the running work and waits until this is closed. The exit code is Java's:
  /// 128 plus the signal's number, as if the signal had killed the command.
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
        System.err.println("galerne: stopped before the running work had ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // if that ever happens, the process ends at once
    }
  }

  private static void end(Callable<Integer> ending) {
    int code = 1;
    try {
      code = ending.call();
    } catch (Exception e) {
      System.err.println("galerne: the shutdown failed: " + e);
    } finally {
      System.out.flush();
      Runtime.getRuntime().halt(code);
    }
  }

  /// Removes the signal handler: the work ended on its own.
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
