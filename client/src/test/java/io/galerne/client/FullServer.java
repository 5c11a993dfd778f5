package io.galerne.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/// A server that accepts no more connections: its backlog is full.
final class FullServer implements AutoCloseable {
  private static final int MOST = 200;
  private static final int FULL_AFTER_MILLIS = 300;

  private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final List<Socket> waiting = new ArrayList<>();

  FullServer() throws IOException {
    while (waiting.size() < MOST && takesAnother()) {
      // until the backlog is full
    }
  }

  private boolean takesAnother() throws IOException {
    Socket client = new Socket();
    waiting.add(client);
    try {
      client.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()),
          FULL_AFTER_MILLIS);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (Socket client : waiting) {
      client.close();
    }
    socket.close();
  }
}
