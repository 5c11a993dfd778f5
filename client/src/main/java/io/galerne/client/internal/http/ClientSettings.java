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

/// What a client was made with. Immutable.
///
/// @param serverUrl without a slash at its end
/// @param apiKey asked before each request; null if there is none
/// @param connectTimeout for messages; the HTTP client keeps it
/// @param requestTimeout for a whole answer; of a stream, for its headers
/// @param silenceTimeout how long nothing may come on a stream
/// @param decoder null where payloads stay as they come
/// @param executor runs streams that no thread of the caller reads; null for a thread each
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
  /// What decodes the payloads that a call reads; null where they stay as they come.
  public @Nullable PayloadDecoder decoderOf(Call call) {
    return call.options().decoder().orElse(decoder);
  }

  /// Checks a key, instead of the HTTP client, whose message would show it.
  ///
  /// @throws IllegalArgumentException if no header can carry it
  public static void requireSendable(String key) {
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "The API key has a space, a line end or another character that no header can carry");
    }
  }

  /// Runs something that may take as long as a stream, on a thread of its own or the executor's.
  ///
  /// @param unwanted takes the value if the result was completed meanwhile, such as cancelled
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
          } catch (Throwable e) { // whatever it is, somebody waits for it
            result.completeExceptionally(e);
          }
        };
    try {
      run(threadName, supplying);
    } catch (Throwable e) { // such as an executor that takes nothing more, or no more threads
      result.completeExceptionally(e);
    }
    return result;
  }

  /// Runs something that may take as long as a stream.
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
