package io.galerne.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.SseMessage;
import io.galerne.protocol.SseParser;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A reader of one stream, over its own socket or a shared HTTP/2 connection, that can stall,
/// continue and be cut. Reads on its own thread; its methods may be called by any thread.
public final class StreamReader implements AutoCloseable {
  /// How long to wait for the next message. A stream may take longer: the machine may be busy.
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /// How a stream ended.
  public enum End {
    /// Not yet.
    OPEN,
    /// Cleanly, with its last chunk.
    ORDERLY,
    /// Cut in the middle.
    CUT
  }

  private final Runnable cut;
  private final boolean chunked;
  private final InputStream in;
  private final int status;
  private final Map<String, String> headers = new TreeMap<>();
  private final Thread thread;
  private final Optional<Consumer<SseMessage>> onMessage;

  // Guarded by this.
  private final List<SseMessage> messages = new ArrayList<>();
  private int count;
  private boolean stalled;
  private End end = End.OPEN;
  private boolean endsBetweenFrames = true;
  private Throwable failure = new AssertionError("None");
  private boolean failed;

  /// A request for a stream.
  public static final class Request {
    private final URI server;
    private final String target;
    private final StringBuilder headers = new StringBuilder();
    private int receiveBuffer;
    private boolean stalled;
    private Optional<Consumer<SseMessage>> onMessage = Optional.empty();

    private Optional<Http2Client> http2 = Optional.empty();

    private Request(URI server, String target) {
      this.server = server;
      this.target = target;
    }

    /// Uses a shared connection.
    public Request over(Http2Client connection) {
      this.http2 = Optional.of(connection);
      return this;
    }

    public Request header(String name, String value) {
      headers.append(name).append(": ").append(value).append("\r\n");
      return this;
    }

    /// Approximate number of bytes that the socket takes before the server has to wait.
    public Request receiveBuffer(int bytes) {
      this.receiveBuffer = bytes;
      return this;
    }

    /// Reads only the head of the answer until the test continues.
    public Request stalled() {
      this.stalled = true;
      return this;
    }

    /// Passes every message to `consumer` on the reader's thread, and keeps none.
    public Request each(Consumer<SseMessage> consumer) {
      this.onMessage = Optional.of(consumer);
      return this;
    }

    /// Alternating names and values.
    private String[] headerList() {
      return headers.isEmpty() ? new String[0] : headers.toString().strip().split(": |\r\n");
    }

    /// Sends the request and reads the head of the answer.
    public StreamReader open() {
      try {
        return new StreamReader(this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// A stream of that server: encoded path and query.
  public static Request of(URI server, String target) {
    return new Request(server, target);
  }

  private StreamReader(Request request) throws IOException {
    onMessage = request.onMessage;
    stalled = request.stalled;
    if (request.http2.isPresent()) {
      Http2Client.Answer answer = request.http2.get().get(request.target, request.headerList());
      chunked = false;
      cut = answer::cancel;
      in = answer.body();
      status = answer.status();
      headers.putAll(answer.headers());
    } else {
      Socket socket = connect(request);
      chunked = true;
      cut = () -> close(socket);
      in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      status = Integer.parseInt(line().split(" ", 3)[1]);
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    thread = Thread.ofVirtual().name("reader of " + request.target).start(this::run);
  }

  private static Socket connect(Request request) throws IOException {
    Socket socket = new Socket();
    if (request.receiveBuffer > 0) {
      socket.setReceiveBufferSize(request.receiveBuffer);
    }
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.connect(new InetSocketAddress(request.server.getHost(), request.server.getPort()));
    String head =
        "GET "
            + request.target
            + " HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n"
            + request.headers
            + "\r\n";
    socket.getOutputStream().write(head.getBytes(UTF_8));
    return socket;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("The stream ended in the middle of a line: " + line);
      }
      line.append((char) b);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }

  private void run() {
    SseParser parser = new SseParser(this::take);
    byte[] buffer = new byte[16 * 1024];
    try {
      if (!"text/event-stream".equals(headers.get("content-type"))) {
        throw new EOFException("This is no stream");
      }
      if (chunked) {
        for (int left = chunkSize(); left > 0; left = chunkSize()) {
          while (left > 0) {
            left -= read(parser, buffer, left);
          }
          line();
        }
        line();
      } else {
        while (read(parser, buffer, buffer.length) >= 0) {
          // until the end
        }
      }
      end(End.ORDERLY);
    } catch (IOException | InterruptedException _) {
      end(End.CUT);
    } catch (RuntimeException | AssertionError e) {
      synchronized (this) {
        failure = e;
        failed = true;
      }
      end(End.CUT);
    }
  }

  /// Reads up to `most` bytes of frames.
  ///
  /// @return the number of bytes; -1 at the end of a body without chunks
  private int read(SseParser parser, byte[] buffer, int most)
      throws IOException, InterruptedException {
    waitWhileStalled();
    int count = in.read(buffer, 0, Math.min(most, buffer.length));
    if (count < 0 && chunked) {
      throw new EOFException();
    } else if (count > 0) {
      parser.feed(buffer, 0, count);
      boolean blank = buffer[count - 1] == '\n' && (count == 1 || buffer[count - 2] == '\n');
      synchronized (this) {
        endsBetweenFrames = blank;
      }
    }
    return count;
  }

  private int chunkSize() throws IOException, InterruptedException {
    waitWhileStalled();
    return Integer.parseInt(line(), 16);
  }

  private synchronized void waitWhileStalled() throws InterruptedException {
    while (stalled) {
      wait();
    }
  }

  private void take(SseMessage message) {
    onMessage.ifPresent(consumer -> consumer.accept(message));
    synchronized (this) {
      if (onMessage.isEmpty()) {
        messages.add(message);
      }
      count++;
      notifyAll();
    }
  }

  private synchronized void end(End how) {
    end = how;
    notifyAll();
  }

  public int status() {
    return status;
  }

  /// A header of the answer; empty if it has none of that name.
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /// The messages received so far.
  public synchronized List<SseMessage> messages() {
    return List.copyOf(messages);
  }

  /// The sequences of the messages received so far.
  public List<Long> sequences() {
    return messages().stream().map(StreamReader::sequence).toList();
  }

  /// The sequence of a data frame, which contains it twice.
  ///
  /// @throws AssertionError if it is not an event's data frame
  public static long sequence(SseMessage message) {
    if (message.event().isPresent()
        || !message.data().endsWith(",\"broker_sequence\":" + message.id() + "}")) {
      throw new AssertionError("This is no data frame: " + message);
    }
    return Long.parseLong(message.id());
  }

  /// Waits until at least this many messages have arrived, and returns all of them.
  public List<SseMessage> await(int wanted) {
    return await(wanted + " messages", () -> count >= wanted || end != End.OPEN, wanted);
  }

  private synchronized List<SseMessage> await(String what, BooleanSupplier met, int wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int seen = count;
    try {
      while (!met.getAsBoolean()) {
        if (count > seen) {
          deadline = System.nanoTime() + PATIENCE.toNanos();
          seen = count;
        }
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          throw new AssertionError("Waited for " + what + ", and only " + count + " messages came");
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for " + what, e);
    }
    if (failed) {
      throw new AssertionError("The reader found a fault", failure);
    }
    if (count < wanted) {
      throw new AssertionError(
          "Waited for " + what + ", but the stream ended (" + end + ") after " + count);
    }
    return List.copyOf(messages);
  }

  /// Waits until the stream has ended, and returns how.
  public End awaitEnd() {
    await("the end", () -> end != End.OPEN, 0);
    return end();
  }

  public synchronized End end() {
    return end;
  }

  /// Whether the last byte completed a frame.
  public synchronized boolean endsBetweenFrames() {
    return endsBetweenFrames;
  }

  /// Stops reading, so that the server soon cannot write.
  public synchronized void stall() {
    stalled = true;
  }

  public synchronized void goOn() {
    stalled = false;
    notifyAll();
  }

  /// Cuts the connection without waiting for messages already read.
  public void cut() {
    cut.run();
    goOn();
  }

  /// Waits until the stream has ended, without a time limit.
  public void join() {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Cuts the connection.
  @Override
  public void close() {
    cut();
    join();
  }
}
