package io.galerne.client.internal.http;

import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends requests with the JDK's HTTP client, each on a thread that waits for its response. That
/// client's asynchronous API reports failures on the common pool, and so never if all threads of
/// the pool are blocked.
///
/// Thread-safe. Its threads are daemons and also run the HTTP client if it was created here;
/// [#close()] ends both.
public final class HttpSender implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ExecutorService threads;
  private final HttpClient.Version version;
  private final boolean own;

  /// Null once closed: before Java 21, only the garbage collector can end a HTTP client.
  private volatile @Nullable HttpClient http;

  private HttpSender(ExecutorService threads, HttpClient http, boolean own) {
    this.threads = threads;
    this.version = http.version();
    this.own = own;
    this.http = http;
  }

  /// A sender that owns its HTTP client.
  public static HttpSender owning(HttpClient.Builder http) {
    ExecutorService threads = threads();
    return new HttpSender(threads, http.executor(threads).build(), true);
  }

  /// A sender with the caller's HTTP client, which it does not close.
  public static HttpSender with(HttpClient http) {
    return new HttpSender(threads(), http, false);
  }

  private static ExecutorService threads() {
    return Executors.newCachedThreadPool(task -> {
      Thread thread = new Thread(task, "galerne-http-" + THREADS.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    });
  }

  public HttpClient.Version version() {
    return version;
  }

  /// A task that sends a request once it is [started][#start]. Cancelling it aborts the request.
  ///
  /// @param failed receives the failure, on the waiting thread
  /// @throws IllegalStateException if this is closed
  public FutureTask<?> sending(
      HttpRequest request, BodyHandler<AnswerBody> body, Consumer<Throwable> failed) {
    HttpClient client = http;
    if (client == null) {
      throw closed(null);
    }
    return new FutureTask<>(() -> {
      try {
        return client.send(request, body).statusCode();
      } catch (Throwable e) { // the caller waits for the result
        failed.accept(e);
        return 0;
      }
    });
  }

  /// Sends a request on another thread.
  ///
  /// @throws IllegalStateException if this is closed
  public void start(FutureTask<?> sending) {
    try {
      threads.execute(sending);
    } catch (RejectedExecutionException e) {
      throw closed(e);
    }
  }

  private static IllegalStateException closed(@Nullable RejectedExecutionException cause) {
    return new IllegalStateException("This client is closed", cause);
  }

  /// Accepts no more requests. The caller cancels those in flight; the threads and connections end
  /// with them.
  @Override
  public void close() {
    HttpClient client = http;
    http = null;
    if (client != null && own) {
      shutDown(client);
    }
    threads.shutdown();
  }

  private static void shutDown(HttpClient http) {
    try {
      HttpClient.class.getMethod("shutdown").invoke(http);
    } catch (NoSuchMethodException e) {
      LOG.log(Level.TRACE, "Before Java 21, the garbage collector closes the HTTP client", e);
    } catch (ReflectiveOperationException e) {
      LOG.log(Level.DEBUG, "The HTTP client was not shut down", e);
    }
  }
}
