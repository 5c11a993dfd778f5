package io.galerne.client.internal.http;

import io.galerne.client.EventStream;
import io.galerne.client.Retries;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.DecodingException;
import io.galerne.client.error.MistralException;
import io.galerne.client.payload.PayloadDecoder;
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

/// Sends calls and knows which are under way, so that closing the client ends them. Thread-safe.
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

  /// Is done once this is closed.
  public CompletableFuture<Void> closing() {
    return closing;
  }

  /// Sends a call and reads its whole answer. To cancel what this returns cancels the call.
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
      } catch (Throwable e) { // whatever it is, somebody waits for it
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  /// As [#call(Call, Function)], for an answer with payloads.
  ///
  /// @param read takes the decoder that the call or the client has; null if payloads stay as they came
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
              + "; ask for less at a time",
          null);
    }
    try {
      return read.apply(body.text());
    } catch (MalformedEventException e) {
      throw new DecodingException(
          Answers.what(call, answer.url())
              + (" returned something else than the contract says: " + e.getMessage())
              + ". It begins: "
              + Answers.excerpt(body.text()),
          e);
    }
  }

  /// Sends a call. Its answer is what it asked for; the body of a stream is to be closed.
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
  /// @throws CancellationException where the thread is interrupted; what was waited for is cancelled
  public static <T> T await(CompletableFuture<T> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("The thread was interrupted while it waited for an answer");
      cancelled.initCause(e);
      if (result instanceof Pending<T> pending && pending.exchange.lastFailure() != null) {
        cancelled.addSuppressed(pending.exchange.lastFailure());
      }
      throw cancelled;
    } catch (ExecutionException e) {
      throw asThrownHere(e.getCause());
    }
  }

  /// An exception of another thread, with the trace of this one: it tells who asked.
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

  /// A failure as an exception to throw; an error is thrown here.
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
        "The client was closed while a call was under way",
        last == null ? new CancellationException() : last);
  }

  /// The result of a call, which knows why the call was retried.
  private static final class Pending<T> extends CompletableFuture<T> {
    private final Exchange exchange;

    private Pending(Exchange exchange) {
      this.exchange = exchange;
    }
  }

  /// Ends what is under way: streams are closed, calls fail. Then ends what sends them.
  @Override
  public void close() {
    streams.forEach(EventStream::close);
    closing.complete(null);
    streams.forEach(EventStream::close);
    calls.forEach(call -> call.fail(closedUnderWay(call)));
    settings.http().close();
  }
}
