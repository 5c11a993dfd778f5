package io.galerne.server;

import io.galerne.protocol.SseMessage;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// A reader as a client should be: whenever its stream ends, it resumes behind the last event that
/// it has seen. Runs on a thread of its own; everything else may be called by any thread.
public final class ResumingReader implements AutoCloseable {
  /// What a reader has seen: which event under which sequence.
  public record Seen(long sequence, String eventId) {}

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final String EVENT_ID = "\"event_id\":\"";

  private final Supplier<URI> server;
  private final String target;
  private final IntSupplier messagesUntilCut;
  private final Thread thread;

  // Guarded by this.
  private final List<Seen> seen = new ArrayList<>();
  private StreamReader current;
  private long last;
  private int untilCut;
  private int connections;
  private boolean closed;

  /// @param server tells where to connect to now
  /// @param messagesUntilCut after how many messages the reader cuts its connection, each time again
  public static ResumingReader start(
      Supplier<URI> server, String target, IntSupplier messagesUntilCut) {
    return new ResumingReader(server, target, messagesUntilCut);
  }

  /// A reader that never cuts its connection.
  public static ResumingReader start(Supplier<URI> server, String target) {
    return new ResumingReader(server, target, () -> Integer.MAX_VALUE);
  }

  private ResumingReader(Supplier<URI> server, String target, IntSupplier messagesUntilCut) {
    this.server = server;
    this.target = target;
    this.messagesUntilCut = messagesUntilCut;
    this.thread = Thread.ofVirtual().name("resuming reader of " + target).start(this::run);
  }

  private void run() {
    while (!isClosed()) {
      try (StreamReader reader =
          StreamReader.of(server.get(), target)
              .header("Last-Event-ID", Long.toString(last()))
              .each(this::take)
              .open()) {
        if (begin(reader)) {
          reader.join();
        }
      } catch (UncheckedIOException _) {
        // the server is not there; it will be
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private synchronized boolean begin(StreamReader reader) {
    current = reader;
    connections++;
    untilCut = messagesUntilCut.getAsInt();
    return !closed;
  }

  private void take(SseMessage message) {
    long sequence = StreamReader.sequence(message);
    int from = message.data().indexOf(EVENT_ID) + EVENT_ID.length();
    String eventId = message.data().substring(from, message.data().indexOf('"', from));
    synchronized (this) {
      seen.add(new Seen(sequence, eventId));
      last = sequence;
      if (--untilCut == 0 && current != null) {
        current.cut();
      }
      notifyAll();
    }
  }

  /// Waits until it has seen that sequence, or one behind it.
  public synchronized void awaitSequence(long sequence) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (last < sequence) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new AssertionError("Waited for sequence " + sequence + ", and only saw " + last);
      }
      wait(millis);
    }
  }

  private synchronized long last() {
    return last;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /// Everything it has seen, in the order in which it saw it, over all its connections.
  public synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  /// How often it has connected.
  public synchronized int connections() {
    return connections;
  }

  @Override
  public void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
      if (current != null) {
        current.cut();
      }
    }
    thread.join();
  }
}
