package io.galerne.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A proxy that only supports tunnels (`CONNECT`), all of them to one server, whatever host they
/// request.
final class TunnelProxy implements AutoCloseable {
  private final ServerSocket socket;
  private final int port;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  TunnelProxy(int port) {
    this.port = port;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  ProxySelector selector() {
    return ProxySelector.of(new InetSocketAddress("127.0.0.1", socket.getLocalPort()));
  }

  /// The request lines.
  List<String> requests() {
    return List.copyOf(requests);
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // one end is closed
              }
            },
            "tunnel");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = socket.accept();
      open.add(client);
      start(() -> tunnel(client));
    }
  }

  private void tunnel(Socket client) throws IOException {
    requests.add(head(client.getInputStream()).lines().findFirst().orElse(""));
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      open.add(server);
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
      start(() -> client.getInputStream().transferTo(server.getOutputStream()));
      server.getInputStream().transferTo(client.getOutputStream());
    } finally {
      client.close();
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("The client left");
      }
      head.append((char) b);
    }
    return head.toString();
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
  }
}
