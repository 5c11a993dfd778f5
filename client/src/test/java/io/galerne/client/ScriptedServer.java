package io.galerne.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/// A server on a real socket that handles each connection by a script, byte for byte. One request
/// per connection; connections beyond the scripts are closed at once and make [#close()] fail.
final class ScriptedServer implements AutoCloseable {
  /// Handles one connection after its request has been read.
  interface Script {
    void run(Wire wire) throws IOException;
  }

  /// A received request.
  ///
  /// @param headers by lower-case name
  record Request(String method, String target, Map<String, String> headers, String body) {
    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /// The sequence that a reader resumes after; 0 for the beginning.
    long lastEventId() {
      return header("last-event-id").map(Long::parseLong).orElse(0L);
    }
  }

  private final ServerSocket socket;
  private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final @Nullable Script always;

  private ScriptedServer(ServerSocketFactory sockets, @Nullable Script always, Script... scripts) {
    this.always = always;
    this.scripts.addAll(List.of(scripts));
    try {
      socket = sockets.createServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("scripted server", this::accept);
  }

  /// Serves one connection per script, in this order.
  static ScriptedServer of(Script... scripts) {
    return new ScriptedServer(ServerSocketFactory.getDefault(), null, scripts);
  }

  /// As [#of], over HTTPS.
  static ScriptedServer tls(SSLContext context, Script... scripts) {
    return new ScriptedServer(context.getServerSocketFactory(), null, scripts);
  }

  /// As [#tls], and requests a client certificate.
  static ScriptedServer mutualTls(SSLContext context, Script... scripts) {
    ScriptedServer server = tls(context, scripts);
    ((SSLServerSocket) server.socket).setNeedClientAuth(true);
    return server;
  }

  /// Serves these connections, and all later ones with the last script.
  static ScriptedServer endingWith(Script last, Script... before) {
    return new ScriptedServer(ServerSocketFactory.getDefault(), last, before);
  }

  String url() {
    return (socket instanceof SSLServerSocket ? "https" : "http") + "://" + address();
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /// A builder of a client for this server.
  Mistral.Builder client() {
    return Mistral.builder().serverUrl(url());
  }

  /// The received requests, in order.
  List<Request> requests() {
    return List.copyOf(requests);
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        connection.setTcpNoDelay(true);
        open.add(connection);
        Script next = scripts.poll();
        Script script = next == null ? always : next;
        start("scripted connection", () -> serve(connection, script));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket connection, @Nullable Script script) {
    try (connection) {
      Request request = read(new BufferedInputStream(connection.getInputStream()));
      if (request == null) {
        return; // opened and never used
      }
      requests.add(request);
      if (script == null) {
        failures.add(new AssertionError("Beyond the script: " + request));
        return;
      }
      script.run(new Wire(connection, request));
    } catch (SocketException | SSLException e) {
      // the client has closed the connection, or does not trust this server
    } catch (IOException | RuntimeException | AssertionError e) {
      failures.add(e);
    }
    open.remove(connection);
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String line = line(in);
    if (line.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String[] words = line.split(" ");
    return new Request(words[0], words[1], headers, new String(in.readNBytes(length), UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket connection : open) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!failures.isEmpty()) {
      AssertionError failure = new AssertionError("The script failed");
      new ArrayList<>(failures).forEach(failure::addSuppressed);
      throw failure;
    }
  }

  /// The server's end of a connection.
  static final class Wire {
    private final Socket socket;
    private final Request request;

    private Wire(Socket socket, Request request) {
      this.socket = socket;
      this.request = request;
    }

    Request request() {
      return request;
    }

    Wire send(String text) throws IOException {
      return send(text.getBytes(UTF_8));
    }

    Wire send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      return this;
    }

    /// Sends a complete response, after which the connection ends.
    Wire answer(int status, String contentType, String body, String... headers) throws IOException {
      byte[] bytes = body.getBytes(UTF_8);
      return send("HTTP/1.1 "
              + (status + " X\r\nContent-Type: " + contentType)
              + ("\r\nContent-Length: " + bytes.length + "\r\nConnection: close\r\n")
              + (lines(headers) + "\r\n"))
          .send(bytes);
    }

    Wire json(int status, String body, String... headers) throws IOException {
      return answer(status, "application/json", body, headers);
    }

    /// Sends the headers of a chunked stream.
    Wire stream(String... headers) throws IOException {
      return send(streamHead(headers));
    }

    static String streamHead(String... headers) {
      return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
          + lines(headers)
          + "\r\n";
    }

    private static String lines(String... headers) {
      StringBuilder lines = new StringBuilder();
      for (String header : headers) {
        lines.append(header).append("\r\n");
      }
      return lines.toString();
    }

    static String chunk(String text) {
      return Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n";
    }

    Wire chunked(String text) throws IOException {
      return send(chunk(text));
    }

    /// Sends events with these sequences, each in a chunk.
    Wire events(long... sequences) throws IOException {
      for (long sequence : sequences) {
        chunked(Samples.frame(sequence));
      }
      return this;
    }

    /// Sends all events after the reader's resume position, up to this one.
    Wire eventsUpTo(long last) throws IOException {
      for (long next = request.lastEventId() + 1; next <= last; next++) {
        events(next);
      }
      return this;
    }

    /// Stays silent for this long, unless the client disconnects.
    Wire after(Duration silence) throws IOException {
      socket.setSoTimeout((int) silence.toMillis());
      try {
        stall();
      } catch (SocketTimeoutException e) {
        socket.setSoTimeout(0);
      }
      return this;
    }

    /// Ends a chunked body cleanly.
    void end() throws IOException {
      send("0\r\n\r\n");
    }

    /// Breaks the connection; bytes sent before arrive.
    void cut() throws IOException {
      socket.close();
    }

    /// Resets the connection, which also discards bytes that the client has not read yet.
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /// Shuts down the output, but stays until the client disconnects.
    void halfClose() throws IOException {
      socket.shutdownOutput();
      stall();
    }

    /// Stays silent until the client disconnects.
    void stall() throws IOException {
      while (socket.getInputStream().read() >= 0) {
        // ignores what the client still sends
      }
    }
  }
}
