package io.galerne.jetstream.nats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Forwards TCP connections to a port of this machine until it is cut: then it holds them open and
/// forwards nothing in either direction, like a network that loses every packet.
///
/// Its own port stays the same while it is open. If nothing listens at its target, it accepts
/// connections and closes them at once. Safe for use by several threads; each connection has two
/// threads, one per direction, because blocking reads into direct memory are cheapest.
public final class TcpProxy implements AutoCloseable {
  /// The most bytes of one read: large enough that small writes do not slow down the load.
  private static final int BUFFER_BYTES = 64 * 1024;

  /// How long closing waits for a thread, which ends as soon as its sockets are closed.
  private static final Duration ENDING = Duration.ofSeconds(5);

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final String name;
  private final ServerSocketChannel listener;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();

  /// Guarded by the lock.
  private final Set<Link> links = new HashSet<>();

  /// Guarded by the lock.
  private boolean closed;

  /// Written under the lock.
  private volatile boolean cut;

  private volatile int target;

  private TcpProxy(String name, ServerSocketChannel listener) {
    this.name = name;
    this.listener = listener;
  }

  /// Opens a proxy on a free port, which forwards connections after [#leadTo] has set its target.
  ///
  /// @param name for its threads
  public static TcpProxy open(String name) {
    try {
      ServerSocketChannel listener =
          ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
      TcpProxy proxy = new TcpProxy("nats-proxy-" + name, listener);
      proxy.run("", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("No port for the proxy " + name, e);
    }
  }

  public int port() {
    return listener.socket().getLocalPort();
  }

  /// Sets the target of new connections.
  public void leadTo(int port) {
    target = port;
  }

  /// Stops forwarding, on existing and new connections. Bytes that were read before may still
  /// arrive.
  public void cut() {
    synchronized (lock) {
      cut = true;
    }
  }

  /// Closes every held connection, and forwards new ones. Does nothing if it was not cut.
  public void heal() {
    synchronized (lock) {
      if (cut) {
        cut = false;
        closeLinks();
      }
    }
  }

  /// Closes every connection and the port, and waits until its threads have ended.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      closeQuietly(listener);
      closeLinks();
    }
    try {
      for (Thread thread : List.copyOf(threads)) {
        thread.join(ENDING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeLinks() {
    links.forEach(Link::close);
    links.clear();
    lock.notifyAll();
  }

  private void run(String suffix, Runnable task) {
    Thread.Builder builder = Thread.ofPlatform().daemon().name(name + suffix);
    Thread thread =
        builder.unstarted(() -> {
          try {
            task.run();
          } finally {
            threads.remove(Thread.currentThread());
          }
        });
    threads.add(thread);
    thread.start();
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel client = listener.accept();
        Link link = new Link(client);
        synchronized (lock) {
          if (closed) {
            link.close();
            return;
          }
          links.add(link);
          run("-in", link::begin);
        }
      } catch (IOException e) {
        // the listener was closed, or the client had gone before it was accepted
      }
    }
  }

  private void forget(Link link) {
    synchronized (lock) {
      links.remove(link);
      link.close();
    }
  }

  /// One connection: `in` is the client's side, `out` the target's.
  private final class Link {
    private final SocketChannel in;

    /// Written under the lock.
    private volatile @Nullable SocketChannel out;

    /// Guarded by the lock.
    private boolean ended;

    /// Guarded by the lock: the number of directions that have not ended.
    private int open = 2;

    private Link(SocketChannel in) {
      this.in = in;
    }

    /// Connects, starts the way back, and forwards bytes. Runs on the thread of the way in.
    private void begin() {
      try {
        if (!passes()) {
          return;
        }
        SocketChannel to = SocketChannel.open();
        synchronized (lock) {
          out = to;
          if (ended) {
            closeQuietly(to);
            return;
          }
        }
        to.connect(new InetSocketAddress(HERE, target));
        in.setOption(StandardSocketOptions.TCP_NODELAY, true);
        to.setOption(StandardSocketOptions.TCP_NODELAY, true);
        synchronized (lock) {
          if (ended) {
            return;
          }
          run("-out", () -> pass(to, in));
        }
        pass(in, to);
      } catch (IOException e) {
        forget(this);
      }
    }

    /// Forwards bytes until one side ends. The other direction continues until it ends too, so that
    /// the last bytes arrive.
    private void pass(SocketChannel from, SocketChannel to) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      try {
        while (from.read(buffer) >= 0 && passes()) {
          buffer.flip();
          while (buffer.hasRemaining()) {
            to.write(buffer);
          }
          buffer.clear();
        }
      } catch (IOException e) {
        // reset by one side, or closed by heal or close
      }
      end(to);
    }

    private void end(SocketChannel to) {
      boolean last;
      if (!passes()) {
        return;
      }
      try {
        to.shutdownOutput();
      } catch (IOException e) {
        // gone already
      }
      synchronized (lock) {
        open--;
        last = open == 0;
      }
      if (last) {
        forget(this);
      }
    }

    /// Waits while the proxy is cut; false if the connection was closed meanwhile.
    private boolean passes() {
      if (!cut) {
        return true;
      }
      synchronized (lock) {
        while (cut && !ended) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            return false;
          }
        }
        return !ended;
      }
    }

    /// Called under the lock.
    private void close() {
      ended = true;
      closeQuietly(in);
      SocketChannel to = out;
      if (to != null) {
        closeQuietly(to);
      }
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // nothing is lost
    }
  }
}
