package io.galerne.client.internal.http;

import io.galerne.client.HttpHook;
import io.galerne.client.Reconnection;
import io.galerne.client.Retries;
import io.galerne.client.payload.PayloadDecoder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The settings of a client. Immutable.
///
/// @param serverUrl without a slash at its end
/// @param apiKey called before each request; null if there is none
/// @param connectTimeout for messages only; the HTTP client enforces it
/// @param requestTimeout for a whole response, or for the headers of a stream
/// @param silenceTimeout how long a stream may receive nothing
/// @param decoder null leaves payloads encoded
/// @param executor runs streams that no caller's thread reads; null for a new thread each
public record ClientSettings(
    URI serverUrl,
    @Nullable Supplier<@Nullable String> apiKey,
    Map<String, String> headers,
    String userAgent,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration silenceTimeout,
    HttpSender http,
    List<HttpHook> hooks,
    @Nullable Executor executor,
    Retries retries,
    Reconnection reconnection,
    @Nullable PayloadDecoder decoder,
    Time time,
    RandomGenerator random) {
  /// The payload decoder of a call; null leaves payloads encoded.
  public @Nullable PayloadDecoder decoderOf(Call call) {
    return call.options().decoder().orElse(decoder);
  }

  /// Checks a key before the HTTP client does, whose message would show it.
  ///
  /// @throws IllegalArgumentException if no header can carry it
  public static void requireSendable(String key) {
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "The API key has a space, a line end or another character that no header can carry");
    }
  }

  /// Runs a task that may take as long as a stream, on a new thread or the executor.
  ///
  /// @param unwanted receives the value if the future was completed meanwhile, such as by
  ///     cancellation
  public <T> CompletableFuture<T> supply(
      String threadName, Supplier<T> task, Consumer<T> unwanted) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable supplying =
        () -> {
          try {
            T value = task.get();
            if (!result.complete(value)) {
              unwanted.accept(value);
            }
          } catch (Throwable e) { // the caller waits for the result
            result.completeExceptionally(e);
          }
        };
    try {
      run(threadName, supplying);
    } catch (Throwable e) { // such as a closed executor, or no more threads
      result.completeExceptionally(e);
    }
    return result;
  }

  /// Runs a task that may take as long as a stream.
  public void run(String threadName, Runnable task) {
    if (executor != null) {
      executor.execute(task);
      return;
    }
    Thread thread = new Thread(task, threadName);
    thread.setDaemon(true);
    thread.start();
  }
}
