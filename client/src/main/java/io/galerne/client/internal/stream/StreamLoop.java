package io.galerne.client.internal.stream;

import io.galerne.client.Reconnection;
import io.galerne.client.Retries;
import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.MistralException;
import io.galerne.client.error.RequestTimeoutException;
import io.galerne.client.error.StreamException;
import io.galerne.client.internal.http.Answer;
import io.galerne.client.internal.http.Answers;
import io.galerne.client.internal.http.Call;
import io.galerne.client.internal.http.ClientSettings;
import io.galerne.client.internal.http.SafeUrl;
import io.galerne.client.internal.http.StreamBody;
import io.galerne.client.internal.http.Time;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.client.stream.Disconnect;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.StreamListener;
import io.galerne.client.stream.StreamRequest;
import io.galerne.protocol.SseMessage;
import io.galerne.protocol.StreamEvent;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The loop that every stream runs: connect, read messages, and when the connection ends, decide
/// whether to reconnect.
///
/// One thread at a time runs it. Any thread may call [#close()], which wakes the reading thread at
/// once; they share only [#closing], [#connection] and [#ending].
final class StreamLoop {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");

  /// If the server ends every connection at once for longer than a restart takes, it has no more
  /// events.
  private static final Duration NOTHING_LEFT_AFTER = Duration.ofSeconds(6);

  private final StreamPlan plan;
  private final Transport transport;
  private final ReadPosition position;
  private final Reconnection reconnection;
  private final Duration silence;
  private final StreamListener listener;
  private final @Nullable PayloadDecoder decoder;
  private final Time time;
  private final Patience patience;
  private final OverRule over;

  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private volatile @Nullable StreamConnection connection;
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

  private boolean connectedBefore;
  private long connectedNanos;
  private boolean eventOnConnection;
  private Optional<Long> emptySince = Optional.empty();
  private @Nullable Throwable lastCause;

  StreamLoop(StreamPlan plan, Transport transport, ReadPosition position) {
    ClientSettings settings = transport.settings();
    StreamRequest request = plan.request();
    this.plan = plan;
    this.transport = transport;
    this.position = position;
    this.reconnection = request.options().reconnection().orElse(settings.reconnection());
    this.silence = request.options().silenceTimeout().orElse(settings.silenceTimeout());
    this.listener = request.listener();
    this.decoder = settings.decoderOf(plan.fresh());
    this.time = settings.time();
    this.patience = new Patience(reconnection, time, settings.random());
    this.over = new OverRule(plan, transport, position, this::awaitUnlessClosing);
  }

  /// How the stream ended; null while it runs.
  @Nullable Ending ending() {
    return ending.get();
  }

  boolean isClosing() {
    return closing.isDone();
  }

  /// Runs a callback when the stream is closed, on the closing thread.
  void whenClosed(Runnable then) {
    closing.thenRun(then);
  }

  /// Ends the stream from another thread.
  void close() {
    ending.compareAndSet(null, Ending.CLOSED);
    closing.complete(null);
    StreamConnection open = connection;
    if (open != null) {
      open.close();
    }
  }

  /// Connects for the first time.
  ///
  /// @throws MistralException if it cannot connect
  void connectFirst() {
    guarded(() -> {
      while (connection == null && ending.get() == null) {
        connect();
      }
      return null;
    });
  }

  /// The next event; null at the end.
  ///
  /// @throws MistralException if it cannot continue
  @Nullable StreamEvent next() {
    return guarded(() -> {
      while (ending.get() == null) {
        StreamEvent event = step();
        if (event != null) {
          return event;
        }
      }
      return null;
    });
  }

  private interface Reading {
    @Nullable StreamEvent read() throws InterruptedException;
  }

  private @Nullable StreamEvent guarded(Reading reading) {
    try {
      return reading.read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      finish(Ending.FAILED);
      throw failure(StreamException.Kind.INTERRUPTED, "the reading thread was interrupted", e);
    } catch (RuntimeException | Error e) {
      finish(Ending.FAILED);
      throw e;
    } finally {
      if (ending.get() != null) {
        disconnect();
      }
    }
  }

  private @Nullable StreamEvent step() throws InterruptedException {
    StreamConnection open = connection;
    if (open == null) {
      connect();
      return null;
    }
    SseMessage message = message(open);
    open.retryMillis().ifPresent(millis -> patience.floor(Duration.ofMillis(millis)));
    if (message != null) {
      return event(StreamMessage.of(message));
    }
    if (open.hasEnded()) {
      ended(open);
    } else if (isOver(open)) {
      finish(Ending.COMPLETED);
    }
    return null;
  }

  private void finish(Ending how) {
    disconnect();
    ending.compareAndSet(null, how);
  }

  private void disconnect() {
    StreamConnection open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
  }

  // Connecting.

  private void connect() throws InterruptedException {
    OptionalLong after = position.resumesAfter();
    Call call = after.isPresent() ? plan.resuming().apply(after.getAsLong()) : plan.fresh();
    Retries retries = connectedBefore ? Retries.off() : firstRetries(call);
    CompletableFuture<Answer> answer = transport.send(call, retries);
    try {
      if (!awaitUnlessClosing(answer)) {
        finish(Ending.CLOSED);
        return;
      }
      connected(new StreamConnection(answer.get()));
    } catch (ExecutionException e) {
      notConnected(e.getCause(), retries);
    } finally {
      if (connection == null && !answer.cancel(true)) {
        answer.thenAccept(unwanted -> new StreamConnection(unwanted).close());
      }
    }
  }

  private Retries firstRetries(Call call) {
    return call.options().retries().orElse(transport.settings().retries());
  }

  private void connected(StreamConnection opened) {
    connection = opened;
    if (closing.isDone()) {
      opened.close();
      return;
    }
    connectedBefore = true;
    connectedNanos = time.nanos();
    eventOnConnection = false;
    position.connected(opened);
    String url = SafeUrl.of(opened.url());
    LOG.log(Level.DEBUG, () -> "Streaming " + url);
    listener.onConnect(url);
  }

  private void notConnected(@Nullable Throwable cause, Retries retries)
      throws InterruptedException {
    Optional<Duration> asked = Optional.empty();
    boolean temporary = false;
    if (cause instanceof ApiException refused) {
      int status = refused.status();
      temporary = Answers.isTemporary(status) && !retries.statusCodes().contains(status);
      asked = refused.retryAfter();
    } else if (cause instanceof ConnectionException || cause instanceof RequestTimeoutException) {
      temporary = connectedBefore;
    }
    if (temporary && reconnection.enabled() && cause instanceof MistralException failure) {
      comeBack(Disconnect.Reason.NOT_CONNECTED, failure.getMessage(), failure, asked);
      return;
    }
    RuntimeException thrown = Transport.asThrownHere(cause);
    Checkpoint reached = position.checkpoint();
    throw thrown instanceof ApiException refused && reached != null ? refused.at(reached) : thrown;
  }

  /// Waits until the future succeeds or fails, or the stream is closed.
  ///
  /// @return false if the stream is closed
  private boolean awaitUnlessClosing(CompletableFuture<?> something) throws InterruptedException {
    try {
      CompletableFuture.anyOf(something, closing).get();
    } catch (ExecutionException e) {
      LOG.log(Level.TRACE, "The future failed", e);
    }
    return !closing.isDone();
  }

  // Messages.

  private @Nullable SseMessage message(StreamConnection open) throws InterruptedException {
    Optional<Duration> patient = open.hasNext() ? Optional.empty() : over.untilDecision(open);
    long from = time.nanos();
    CompletableFuture<Void> enough = patient.map(time::after).orElseGet(CompletableFuture::new);
    try {
      return open.next(silence, enough);
    } catch (IllegalStateException e) {
      throw failure(StreamException.Kind.MALFORMED, String.valueOf(e.getMessage()), e);
    } finally {
      enough.cancel(false);
      if (patient.isPresent()) {
        over.waited(time.since(from));
      }
    }
  }

  private @Nullable StreamEvent event(StreamMessage message) throws InterruptedException {
    StreamEvent event = message.event();
    switch (message.kind()) {
      case NOTHING -> {
        return null;
      }
      case ERROR -> {
        disconnect();
        broken(
            Disconnect.Reason.ERROR_FRAME, StreamException.Kind.ERROR_FRAME, message.text(), null);
        return null;
      }
      case MALFORMED ->
          throw failure(StreamException.Kind.MALFORMED, message.text(), message.failure());
      case EVENT -> {}
    }
    if (event == null || !position.isNew(event.brokerSequence())) {
      return null;
    }
    patience.progress();
    eventOnConnection = true;
    over.saw(event.data());
    if (!plan.wanted().test(event)) {
      return null;
    }
    return decoder == null ? event : decoder.decode(event);
  }

  /// Whether the execution is over, after the wait of [OverRule#untilDecision].
  private boolean isOver(StreamConnection open) throws InterruptedException {
    try {
      return over.decide(open);
    } catch (ExecutionException e) {
      notFoundOut(e.getCause());
      return false;
    }
  }

  private void notFoundOut(@Nullable Throwable cause) throws InterruptedException {
    disconnect();
    notConnected(cause, firstRetries(plan.fresh()));
  }

  // Ends of connections.

  private void ended(StreamConnection open) throws InterruptedException {
    StreamBody.End end = open.end();
    disconnect();
    switch (end.kind()) {
      case CLOSED -> finish(Ending.CLOSED);
      case CLEAN -> endedInOrder();
      case CUT ->
          broken(
              Disconnect.Reason.CUT,
              StreamException.Kind.CUT,
              "the connection broke"
                  + (end.cause() == null ? "" : " (" + end.cause().getMessage() + ")"),
              end.cause());
      case SILENCE ->
          broken(
              Disconnect.Reason.SILENCE,
              StreamException.Kind.SILENCE,
              "nothing arrived for " + Answers.text(silence),
              null);
    }
  }

  private void endedInOrder() throws InterruptedException {
    boolean empty = !eventOnConnection;
    boolean saysOver = plan.end() == StreamPlan.OrderlyEnd.ROTATION_OR_NOTHING_LEFT && empty;
    try {
      if (over.afterOrderlyEnd(saysOver)) {
        finish(Ending.COMPLETED);
        return;
      }
    } catch (ExecutionException e) {
      notFoundOut(e.getCause());
      return;
    }
    boolean nothingLeft =
        !reconnection.enabled()
            || plan.end() == StreamPlan.OrderlyEnd.NOTHING_LEFT
            || ((saysOver || over.hasEnded()) && isNothingLeft(empty));
    if (nothingLeft) {
      finish(over.hasEnded() ? Ending.COMPLETED : Ending.ENDED);
    } else {
      comeBack(
          Disconnect.Reason.ROTATION, "the server closed the connection", null, Optional.empty());
    }
  }

  /// Whether the server has ended connections without events for longer than a restart takes. This
  /// is its response to a reader that resumes after an execution's end.
  private boolean isNothingLeft(boolean empty) {
    if (!empty || position.resumesAfter().isEmpty()) {
      emptySince = Optional.empty();
      return false;
    }
    long since = emptySince.orElseGet(time::nanos);
    emptySince = Optional.of(since);
    return time.since(since).compareTo(NOTHING_LEFT_AFTER) >= 0;
  }

  private void broken(
      Disconnect.Reason reason,
      StreamException.Kind kind,
      String message,
      @Nullable Throwable cause)
      throws InterruptedException {
    emptySince = Optional.empty();
    if (!reconnection.enabled()) {
      throw failure(kind, message, cause);
    }
    comeBack(reason, message, cause, Optional.empty());
  }

  /// Waits before the next attempt to connect.
  ///
  /// @throws StreamException if the stream gives up
  private void comeBack(
      Disconnect.Reason reason, String message, @Nullable Throwable cause, Optional<Duration> asked)
      throws InterruptedException {
    if (connectedBefore && reason != Disconnect.Reason.NOT_CONNECTED) {
      patience.ended(connectedNanos);
    }
    if (reason != Disconnect.Reason.SILENCE) {
      over.connectionLost();
    }
    if (patience.attempts() == 0 || cause != null) {
      lastCause = cause;
    }
    Duration delay = patience.next(asked).orElseThrow(() -> gaveUp(message, lastCause));
    LOG.log(
        reason == Disconnect.Reason.ROTATION ? Level.DEBUG : Level.INFO,
        () ->
            plan.fresh().operation()
                + (": " + message + "; reconnecting in " + Answers.text(delay)));
    listener.onDisconnect(Disconnect.of(reason, message, delay, patience.attempts(), cause));
    if (!awaitUnlessClosing(time.after(delay))) {
      finish(Ending.CLOSED);
    }
  }

  private StreamException gaveUp(String message, @Nullable Throwable cause) {
    int attempts = patience.attempts();
    return failure(
        StreamException.Kind.GAVE_UP,
        "gave up after "
            + (attempts + (attempts == 1 ? " attempt" : " attempts") + " to reconnect")
            + ("; the last time, " + message)
            + ". To retry for longer, set maxAttempts and maxElapsedTime of Reconnection",
        cause);
  }

  private StreamException failure(
      StreamException.Kind kind, String message, @Nullable Throwable cause) {
    Checkpoint at = position.checkpoint();
    return new StreamException(
        kind,
        plan.fresh().operation()
            + (": " + message)
            + (at == null ? "" : ". To continue, resume after sequence " + at.sequence()),
        at,
        cause);
  }
}
