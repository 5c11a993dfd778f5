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

/// A well-behaved reader: whenever its stream ends, it resumes after the last event it has seen.
/// Runs on its own thread; its methods may be called by any thread.
public final class ResumingReader implements AutoCloseable {
  /// An event that a reader has seen, with its sequence.
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

  /// @param server supplies the server to connect to now
  /// @param messagesUntilCut number of messages after which the reader cuts each of its connections
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
        // the server is down; it will return
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

  /// Waits until it has seen that sequence or a later one.
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

  /// Everything it has seen over all its connections, in order.
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
