package io.galerne.client.internal.http;

import io.galerne.client.Retries;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.MistralException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends one call, with retries as its [Retries] allows. The result is a successful response or a
/// [MistralException].
///
/// Attempts are sequential, so only [#underWay] and [#lastFailure] are shared with the thread that
/// cancels.
final class Exchange {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");

  private final ClientSettings settings;
  private final Call call;
  private final Retries retries;
  private final Duration timeout;
  private final long began;
  private final CompletableFuture<Answer> result = new CompletableFuture<>();

  private volatile Future<?> underWay = result;
  private volatile @Nullable MistralException lastFailure;
  private int repeats;

  Exchange(ClientSettings settings, Call call, Retries retries) {
    this.settings = settings;
    this.call = call;
    this.retries = retries;
    this.timeout = call.options().timeout().orElse(settings.requestTimeout());
    this.began = settings.time().nanos();
  }

  /// Sends the call. Cancelling or completing the future aborts the attempt in flight.
  CompletableFuture<Answer> start() {
    result.whenComplete((answer, failure) -> {
      if (failure != null) {
        underWay.cancel(true);
      }
    });
    attempt();
    return result;
  }

  /// Aborts the call with this failure.
  void fail(MistralException why) {
    result.completeExceptionally(why);
  }

  private void attempt() {
    guarded(() -> new Attempt(request()).send());
  }

  private void cancelWith(Future<?> next) {
    underWay = next;
    if (result.isCompletedExceptionally()) {
      next.cancel(true);
    }
  }

  private HttpRequest request() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.serverUrl() + call.target()))
            .version(settings.http().version());
    if (call.body() == null) {
      request.GET();
    } else {
      request.POST(HttpRequest.BodyPublishers.ofString(call.body()));
    }
    request.setHeader("user-agent", settings.userAgent());
    call.headers().forEach(request::setHeader);
    Supplier<@Nullable String> apiKey = settings.apiKey();
    String key = apiKey == null ? null : apiKey.get();
    if (key != null) {
      ClientSettings.requireSendable(key);
      request.setHeader("authorization", "Bearer " + key);
    }
    settings.headers().forEach(request::setHeader);
    call.options().headers().forEach(request::setHeader);
    settings.hooks().forEach(hook -> hook.beforeRequest(call.operation(), request));
    return request.build();
  }

  /// One request and its outcome. Called by the sending threads and by the timeout's thread.
  private final class Attempt {
    private final HttpRequest request;
    private final CompletableFuture<Boolean> answered = new CompletableFuture<>();
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable StreamBody stream;

    private Attempt(HttpRequest request) {
      this.request = request;
    }

    private void send() {
      FutureTask<?> sending = settings.http().sending(request, this::body, this::failed);
      cancelWith(sending); // before its outcome can start the next attempt
      settings.http().start(sending);
      answered
          .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
          .whenComplete((inTime, late) -> {
            if (late instanceof TimeoutException) {
              settle(() -> noAnswer(Answers.late(call, request.uri(), timeout, late)));
              sending.cancel(true);
            }
          });
    }

    /// Called when the headers have arrived. For a stream, they are the response: the HTTP client
    /// itself would discard the response if the body broke early.
    private BodySubscriber<AnswerBody> body(ResponseInfo info) {
      HttpHeaders headers = info.headers();
      if (!ContentDecoder.canRead(headers)) { // a stream would never end
        AnswerBody unread = new TextBody("", false);
        settle(() -> answered(new Answer(request.uri(), info.statusCode(), headers, unread)));
        return TextBody.atMost(0, null);
      }
      boolean wanted = Answers.isWanted(call, info.statusCode(), headers);
      if (!wanted || !call.wantsStream()) {
        BodySubscriber<AnswerBody> whole =
            TextBody.atMost(
                wanted ? TextBody.MAX_ANSWER_BYTES : TextBody.MAX_ERROR_BYTES,
                ContentDecoder.of(headers));
        whole
            .getBody()
            .thenAccept(body ->
                settle(
                    () -> answered(new Answer(request.uri(), info.statusCode(), headers, body))));
        return whole;
      }
      StreamBody body = new StreamBody();
      stream = body;
      settle(() -> answered(new Answer(request.uri(), info.statusCode(), headers, body)));
      if (answered.isCompletedExceptionally() || result.isCompletedExceptionally()) {
        body.close();
      }
      return body;
    }

    /// There is no response, or a stream broke at its start.
    private void failed(Throwable failure) {
      StreamBody streaming = stream;
      if (streaming != null) {
        streaming.onError(failure);
      } else {
        settle(() ->
            noAnswer(Answers.failed(call, request.uri(), failure, settings.connectTimeout())));
      }
    }

    /// Runs the outcome of an attempt, once.
    private void settle(Runnable outcome) {
      answered.complete(true);
      if (settled.compareAndSet(false, true)) {
        guarded(outcome);
      }
    }

    private void answered(Answer answer) {
      LOG.log(
          Level.DEBUG, () -> Answers.what(call, request.uri()) + " returned " + answer.status());
      settings
          .hooks()
          .forEach(hook ->
              hook.afterResponse(call.operation(), request, answer.status(), answer.headers()));
      if (Answers.isWanted(call, answer.status(), answer.headers())) {
        result.complete(answer);
        return;
      }
      boolean hasKey = request.headers().firstValue("authorization").isPresent();
      Optional<Duration> retryAfter = RetryAfter.of(answer.headers(), settings.time().now());
      ApiException refused = Answers.refused(call, answer, hasKey, retryAfter);
      if (retries.statusCodes().contains(answer.status())) {
        repeatUnlessTooLate(refused, retryAfter);
      } else {
        giveUp(refused);
      }
    }

    private void noAnswer(MistralException failure) {
      if (result.isDone()) {
        return;
      }
      LOG.log(Level.DEBUG, failure.getMessage());
      settings.hooks().forEach(hook -> hook.afterFailure(call.operation(), request, failure));
      if (retries.connectionErrors()) {
        repeatUnlessTooLate(failure, Optional.empty());
      } else {
        giveUp(failure);
      }
    }
  }

  private void repeatUnlessTooLate(MistralException failure, Optional<Duration> asked) {
    Duration delay = asked.orElseGet(() -> Backoff.delay(retries, repeats, settings.random()));
    Duration elapsed = settings.time().since(began);
    if (repeats >= retries.maxAttempts()
        || elapsed.plus(delay).compareTo(retries.maxElapsedTime()) > 0) {
      giveUp(failure);
      return;
    }
    repeats++;
    lastFailure = failure;
    LOG.log(Level.INFO, () -> failure.getMessage() + ". Retrying in " + Answers.text(delay));
    CompletableFuture<Void> wait = settings.time().after(delay);
    cancelWith(wait);
    wait.thenRun(() -> guarded(this::attempt));
  }

  /// Fails the call, with the previous failure as suppressed if there was a retry.
  private void giveUp(MistralException failure) {
    MistralException before = lastFailure;
    if (before != null) {
      failure.addSuppressed(before);
    }
    result.completeExceptionally(failure);
  }

  /// The failure that led to the latest retry; null before the first retry.
  public @Nullable MistralException lastFailure() {
    return lastFailure;
  }

  /// Any throwable, such as from a hook, fails the call, because the caller waits for it.
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }
}
