package io.galerne.jetstream.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The proxy with which tests break the network between servers.
@Timeout(30)
class TcpProxyTest {
  private static final int SILENCE_MS = 200;
  private static final int PATIENCE_MS = 10_000;

  private ServerSocket server;
  private TcpProxy proxy;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(PATIENCE_MS);
    proxy = TcpProxy.open("test");
    proxy.leadTo(server.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static void echo(Socket socket) {
    try {
      socket.getInputStream().transferTo(socket.getOutputStream());
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void say(Socket socket, String words) throws IOException {
    socket.getOutputStream().write(words.getBytes(UTF_8));
  }

  private static String hear(Socket socket, String words) throws IOException {
    return new String(socket.getInputStream().readNBytes(words.length()), UTF_8);
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(PATIENCE_MS);
  }

  private static void assertEnded(Socket socket) throws IOException {
    int read;
    try {
      read = socket.getInputStream().read();
    } catch (SocketException e) {
      read = -1; // reset: what it wrote was never read
    }
    assertThat(read).isEqualTo(-1);
  }

  @Test
  void passesEveryByteAndTheEndBothWays() throws Exception {
    byte[] bytes = new byte[5_000_000];
    new Random(1).nextBytes(bytes);
    try (Socket client = connect();
        Socket peer = server.accept()) {
      FutureTask<Void> echo = new FutureTask<>(() -> echo(peer), null);
      FutureTask<Void> sent = new FutureTask<>(() -> send(client, bytes), null);
      Thread.startVirtualThread(echo);
      Thread.startVirtualThread(sent);
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
      sent.get();
      echo.get();
    }
  }

  @Test
  void theLastBytesArriveIfTheServerHangsUp() throws Exception {
    try (Socket client = connect();
        Socket peer = server.accept()) {
      say(peer, "-ERR");
      peer.close();
      assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("-ERR");
    }
  }

  @Test
  void passesAndClosesNothingWhileCut() throws Exception {
    try (Socket client = connect();
        Socket peer = server.accept()) {
      say(client, "before");
      assertThat(hear(peer, "before")).isEqualTo("before");

      proxy.cut();
      say(client, "lost");
      say(peer, "lost");
      assertSilent(client);
      assertSilent(peer);
      try (Socket late = connect()) {
        say(late, "hello");
        assertSilent(late);
        peer.close();
        assertSilent(client);

        proxy.heal();
        assertEnded(client);
        assertEnded(late);
      }
    }
  }

  @Test
  void passesNewConnectionsAfterHealing() throws Exception {
    proxy.cut();
    try (Socket held = connect()) {
      assertSilent(held);
      proxy.heal();
      assertEnded(held);
    }
    try (Socket client = connect();
        Socket peer = server.accept()) {
      say(client, "again");
      assertThat(hear(peer, "again")).isEqualTo("again");
      proxy.heal();
      say(peer, "still here");
      assertThat(hear(client, "still here")).isEqualTo("still here");
    }
  }

  @Test
  void closesConnectionsWithoutATarget() throws Exception {
    server.close();
    try (Socket client = connect()) {
      assertEnded(client);
    }
  }

  @Test
  void redirectsNewConnections() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      proxy.leadTo(other.getLocalPort());
      try (Socket client = connect();
          Socket peer = other.accept()) {
        say(client, "hello");
        assertThat(hear(peer, "hello")).isEqualTo("hello");
      }
    }
  }
}
