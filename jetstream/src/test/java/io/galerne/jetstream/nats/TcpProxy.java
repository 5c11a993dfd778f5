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

/// Passes TCP connections on to a port of this machine, until it is cut: then it holds them open and
/// passes nothing, in no direction, as a network does that loses every packet.
///
/// Its own port stays the same while it is open. Where nothing listens behind it, it accepts
/// connections and closes them at once. Safe for use by several threads; each connection has two
/// threads, one a direction, because blocking reads into direct memory cost the least.
public final class TcpProxy implements AutoCloseable {
  /// What one read takes at most: large enough that load is not slowed down by small writes.
  private static final int BUFFER_BYTES = 64 * 1024;

  /// How long closing waits for a thread, which ends as soon as its sockets are closed.
  private static final Duration ENDING = Duration.ofSeconds(5);

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final String name;
  private final ServerSocketChannel listener;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();

  /// Under the lock.
  private final Set<Link> links = new HashSet<>();

  /// Under the lock.
  private boolean closed;

  /// Written under the lock.
  private volatile boolean cut;

  private volatile int target;

  private TcpProxy(String name, ServerSocketChannel listener) {
    this.name = name;
    this.listener = listener;
  }

  /// Opens a proxy on a free port, which passes connections on once it [leads][#leadTo] somewhere.
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

  /// Says where new connections go.
  public void leadTo(int port) {
    target = port;
  }

  /// Passes nothing any more, on connections that there are and on those that come. What was read
  /// before may still arrive.
  public void cut() {
    synchronized (lock) {
      cut = true;
    }
  }

  /// Closes every connection that was held open, and passes on those that come from now on. Does
  /// nothing where it was not cut.
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

  /// One connection: `in` is the side that came, `out` the one that it leads to.
  private final class Link {
    private final SocketChannel in;

    /// Written under the lock.
    private volatile @Nullable SocketChannel out;

    /// Under the lock.
    private boolean ended;

    /// Under the lock: directions that have not ended.
    private int open = 2;

    private Link(SocketChannel in) {
      this.in = in;
    }

    /// On the thread of the way in: connects, starts the way back, and passes bytes.
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

    /// Passes bytes on until one side ends. The other direction goes on until it ends too, so that
    /// last words arrive.
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

    /// Waits while the proxy is cut; false where the connection has been closed by then.
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

    /// Under the lock.
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
      // nothing is lost with it
    }
  }
}
