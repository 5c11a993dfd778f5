package io.galerne.client.internal.http;

import io.galerne.client.Retries;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.DecodingException;
import io.galerne.client.error.MistralException;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.MalformedEventException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sends calls and tracks those in flight, so that closing the client ends them. Thread-safe.
public final class Transport implements AutoCloseable {
  private final ClientSettings settings;
  private final Set<Exchange> calls = ConcurrentHashMap.newKeySet();
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> closing = new CompletableFuture<>();

  public Transport(ClientSettings settings) {
    this.settings = settings;
  }

  public ClientSettings settings() {
    return settings;
  }

  /// Completes when this is closed.
  public CompletableFuture<Void> closing() {
    return closing;
  }

  /// Sends a call and reads its whole response. Cancelling the future cancels the call.
  public <T> CompletableFuture<T> call(Call call, Function<String, T> read) {
    Retries retries = call.options().retries().orElse(settings.retries());
    Exchange exchange = exchange(call, retries);
    CompletableFuture<Answer> sent = start(exchange);
    CompletableFuture<T> result = new Pending<>(exchange);
    result.whenComplete((value, failure) -> sent.cancel(true));
    sent.whenComplete((answer, failure) -> {
      try {
        if (failure != null) {
          result.completeExceptionally(failure);
        } else {
          result.complete(read(call, answer, read));
        }
      } catch (Throwable e) { // the caller waits for the result
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  /// As [#call(Call, Function)], for a response with payloads.
  ///
  /// @param read receives the decoder of the call or the client; null leaves payloads encoded
  public <T> CompletableFuture<T> callDecoding(
      Call call, BiFunction<String, @Nullable PayloadDecoder, T> read) {
    PayloadDecoder decoder = settings.decoderOf(call);
    return call(call, body -> read.apply(body, decoder));
  }

  private static <T> T read(Call call, Answer answer, Function<String, T> read) {
    if (!(answer.body() instanceof TextBody body) || !body.complete()) {
      throw new DecodingException(
          Answers.what(call, answer.url())
              + (" returned more than " + TextBody.MAX_ANSWER_BYTES + " bytes")
              + "; request smaller pages",
          null);
    }
    try {
      return read.apply(body.text());
    } catch (MalformedEventException e) {
      throw new DecodingException(
          Answers.what(call, answer.url())
              + (" returned a response that violates the contract: " + e.getMessage())
              + ". It begins: "
              + Answers.excerpt(body.text()),
          e);
    }
  }

  /// Sends a call. Completes with a successful response; the caller closes the body of a stream.
  public CompletableFuture<Answer> send(Call call, Retries retries) {
    return start(exchange(call, retries));
  }

  private Exchange exchange(Call call, Retries retries) {
    requireOpen();
    return new Exchange(settings, call, retries);
  }

  private CompletableFuture<Answer> start(Exchange exchange) {
    calls.add(exchange);
    CompletableFuture<Answer> sent = exchange.start();
    sent.whenComplete((answer, failure) -> calls.remove(exchange));
    if (closing.isDone()) {
      exchange.fail(closedUnderWay(exchange));
    }
    return sent;
  }

  /// Waits for a result on the caller's thread.
  ///
  /// @throws CancellationException if the thread is interrupted; cancels the future
  public static <T> T await(CompletableFuture<T> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("The thread was interrupted while it waited for a response");
      cancelled.initCause(e);
      if (result instanceof Pending<T> pending && pending.exchange.lastFailure() != null) {
        cancelled.addSuppressed(pending.exchange.lastFailure());
      }
      throw cancelled;
    } catch (ExecutionException e) {
      throw asThrownHere(e.getCause());
    }
  }

  /// Returns another thread's exception with this thread's stack trace, which shows the caller.
  public static RuntimeException asThrownHere(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof MistralException known) {
      known.fillInStackTrace();
      return known;
    }
    return unchecked(cause);
  }

  /// Returns a failure as an unchecked exception; throws it if it is an error.
  public static RuntimeException unchecked(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new CompletionException(failure);
  }

  public void opened(EventStream stream) {
    streams.add(stream);
    if (closing.isDone()) {
      stream.close();
    }
  }

  public void ended(EventStream stream) {
    streams.remove(stream);
  }

  public void requireOpen() {
    if (closing.isDone()) {
      throw new IllegalStateException("This client is closed");
    }
  }

  private static ConnectionException closedUnderWay(Exchange call) {
    MistralException last = call.lastFailure();
    return new ConnectionException(
        "The client was closed while a call was in flight",
        last == null ? new CancellationException() : last);
  }

  /// The future of a call, with the failure that led to its latest retry.
  private static final class Pending<T> extends CompletableFuture<T> {
    private final Exchange exchange;

    private Pending(Exchange exchange) {
      this.exchange = exchange;
    }
  }

  /// Closes streams and fails calls in flight, then closes the sender.
  @Override
  public void close() {
    streams.forEach(EventStream::close);
    closing.complete(null);
    streams.forEach(EventStream::close);
    calls.forEach(call -> call.fail(closedUnderWay(call)));
    settings.http().close();
  }
}
