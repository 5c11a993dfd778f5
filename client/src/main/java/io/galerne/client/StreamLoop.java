package io.galerne.client;

import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import io.galerne.protocol.SseMessage;
import io.galerne.protocol.StreamEvent;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The one loop that every stream runs: connect, read messages, and when the connection ends,
/// decide whether to come back.
///
/// One thread at a time runs it. [#close()] may be called by any and wakes that thread at once;
/// [#closing], [#connection] and [#ending] are all that they share.
final class StreamLoop {
  private static final System.Logger LOG = System.getLogger(StreamLoop.class.getName());

  /// Answers after which a stream tries again: the server is busy, or it restarts.
  private static final Set<Integer> TEMPORARY = Set.of(408, 429, 500, 502, 503, 504);

  /// Where the server ends every connection at once, and for longer than a server takes to stop,
  /// it has nothing more to say.
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

  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private volatile @Nullable StreamConnection connection;
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

  private boolean connectedBefore;
  private boolean complete;
  private long connectedNanos;
  private boolean eventOnConnection;
  private Optional<Long> emptySince = Optional.empty();

  StreamLoop(StreamPlan plan, Transport transport, ReadPosition position) {
    ClientSettings settings = transport.settings();
    StreamOptions options = plan.options();
    this.plan = plan;
    this.transport = transport;
    this.position = position;
    this.reconnection =
        options.reconnection() == null ? settings.reconnection() : options.reconnection();
    this.silence =
        options.silenceTimeout() == null ? settings.silenceTimeout() : options.silenceTimeout();
    this.listener = options.listener();
    this.decoder = settings.decoderOf(plan.fresh());
    this.time = settings.time();
    this.patience = new Patience(reconnection, time, settings.random());
  }

  /// How it ended; null while it goes on.
  @Nullable Ending ending() {
    return ending.get();
  }

  boolean isClosing() {
    return closing.isDone();
  }

  /// Runs something when it is ended from outside, on the thread that ends it.
  void whenClosed(Runnable then) {
    closing.thenRun(then);
  }

  /// Ends it from outside.
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
  /// @throws MistralException where it cannot
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
  /// @throws MistralException where it cannot go on
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
    if (complete) {
      finish(Ending.COMPLETED);
    } else if (open == null) {
      connect();
    } else {
      SseMessage message = message(open);
      if (message != null) {
        return event(message);
      }
      ended(open);
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
    RetryConfig retries = connectedBefore ? RetryConfig.none() : firstRetries(call);
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

  private RetryConfig firstRetries(Call call) {
    RetryConfig own = call.options().retries();
    return own == null ? transport.settings().retries() : own;
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

  private void notConnected(@Nullable Throwable cause, RetryConfig retries)
      throws InterruptedException {
    Optional<Duration> asked = Optional.empty();
    boolean temporary = false;
    if (cause instanceof SdkException refused) {
      int status = refused.statusCode();
      temporary = TEMPORARY.contains(status) && !retries.statusCodes().contains(status);
      asked = RetryAfter.of(refused.httpHeaders(), time.now());
    } else if (cause instanceof ConnectionException || cause instanceof RequestTimeoutException) {
      temporary = connectedBefore;
    }
    if (temporary && reconnection.enabled() && cause instanceof MistralException failure) {
      comeBack(Disconnect.Reason.NOT_CONNECTED, failure.getMessage(), failure, asked);
      return;
    }
    throw Transport.asThrownHere(cause);
  }

  /// Waits for something, or for being closed. How it went is the caller's to look at.
  ///
  /// @return whether it was not closed
  private boolean awaitUnlessClosing(CompletableFuture<?> something) throws InterruptedException {
    try {
      CompletableFuture.anyOf(something, closing).get();
    } catch (ExecutionException e) {
      LOG.log(Level.TRACE, "Not done", e);
    }
    return !closing.isDone();
  }

  // Messages.

  private @Nullable SseMessage message(StreamConnection open) throws InterruptedException {
    try {
      return open.next(silence);
    } catch (IllegalStateException e) {
      throw failure(StreamException.Kind.MALFORMED, String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable StreamEvent event(SseMessage message) throws InterruptedException {
    if (message.retryMillis().isPresent()) {
      patience.floor(Duration.ofMillis(message.retryMillis().getAsLong()));
    }
    String name = message.event().orElse("message");
    if (name.equals("error")) {
      errorFrame(message.data());
      return null;
    }
    StreamEvent event;
    try {
      event = EventReader.streamEvent(message.data());
    } catch (MalformedEventException e) {
      if (!name.equals("message")) {
        LOG.log(Level.DEBUG, () -> "Passed over a message of an unknown kind, " + name);
        return null;
      }
      throw failure(
          StreamException.Kind.MALFORMED,
          "the message with id '"
              + (message.id() + "' is no stream event: " + e.getMessage())
              + ". It begins: "
              + Answers.excerpt(message.data()),
          e);
    }
    if (!position.isNew(event.brokerSequence())) {
      return null;
    }
    patience.progress();
    eventOnConnection = true;
    if (plan.isLast().test(event)) {
      complete = true;
      disconnect();
    }
    return decoder == null ? event : decoder.decode(event);
  }

  private void errorFrame(String data) throws InterruptedException {
    String error = Answers.excerpt(data);
    String reason = "";
    try {
      JsonNode frame = Json.of(data).tree();
      error = frame.path("error").asString(error);
      reason = frame.path("reason").asString("");
    } catch (MalformedEventException | JacksonException e) {
      LOG.log(Level.DEBUG, "An error frame that is not of the contract", e);
    }
    String message =
        "the server ended the stream with an error: "
            + (reason.isEmpty() ? error : error + " (" + reason + ")");
    disconnect();
    broken(Disconnect.Reason.ERROR_FRAME, StreamException.Kind.ERROR_FRAME, message, null);
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
              "nothing came for " + Answers.text(silence),
              null);
    }
  }

  private void endedInOrder() throws InterruptedException {
    boolean over =
        !reconnection.enabled()
            || plan.end() == StreamPlan.OrderlyEnd.NOTHING_LEFT
            || (plan.end() == StreamPlan.OrderlyEnd.ROTATION_OR_NOTHING_LEFT && isNothingLeft());
    if (over) {
      finish(Ending.ENDED);
    } else {
      comeBack(
          Disconnect.Reason.ROTATION,
          "the server ended the connection in order",
          null,
          Optional.empty());
    }
  }

  /// Whether the server has now ended connections for so long, without any event on them, that no
  /// restart explains it. That is how it answers who resumes behind an execution's end.
  private boolean isNothingLeft() {
    if (eventOnConnection || position.resumesAfter().isEmpty()) {
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

  /// Waits as long as it should before it connects again.
  ///
  /// @throws StreamException where it has waited in vain for too long
  private void comeBack(
      Disconnect.Reason reason, String message, @Nullable Throwable cause, Optional<Duration> asked)
      throws InterruptedException {
    if (connectedBefore && reason != Disconnect.Reason.NOT_CONNECTED) {
      patience.ended(connectedNanos);
    }
    Duration delay =
        patience
            .next(asked)
            .orElseThrow(() ->
                failure(
                    StreamException.Kind.GAVE_UP,
                    "gave up after "
                        + (patience.attempts() + " tries in vain; the last time, " + message),
                    cause));
    LOG.log(
        reason == Disconnect.Reason.ROTATION ? Level.DEBUG : Level.INFO,
        () ->
            plan.fresh().operation()
                + (": " + message + "; connecting again in " + Answers.text(delay)));
    listener.onDisconnect(new Disconnect(reason, message, delay, patience.attempts(), cause));
    if (!awaitUnlessClosing(time.after(delay))) {
      finish(Ending.CLOSED);
    }
  }

  private StreamException failure(
      StreamException.Kind kind, String message, @Nullable Throwable cause) {
    Checkpoint at = position.checkpoint();
    return new StreamException(
        kind,
        plan.fresh().operation()
            + (": " + message)
            + (at == null ? "" : ". To go on, resume behind sequence " + at.sequence()),
        at,
        cause);
  }
}
