package io.galerne.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One call, sent as often as its [RetryConfig] allows. Its result is an answer that is what the
/// call asked for, or a [MistralException].
///
/// The tries follow each other, so that only [#underWay] is shared with whoever cancels.
final class Exchange {
  private final ClientSettings settings;
  private final Call call;
  private final RetryConfig retries;
  private final Duration timeout;
  private final long began;
  private final CompletableFuture<HttpResponse<AnswerBody>> result = new CompletableFuture<>();

  private volatile CompletableFuture<?> underWay = result;
  private int repeats;

  Exchange(ClientSettings settings, Call call, RetryConfig retries) {
    this.settings = settings;
    this.call = call;
    this.retries = retries;
    this.timeout = Optional.ofNullable(call.options().timeout()).orElse(settings.requestTimeout());
    this.began = settings.time().nanos();
  }

  /// Sends it. To cancel the result, or to complete it otherwise, ends what is under way.
  CompletableFuture<HttpResponse<AnswerBody>> start() {
    result.whenComplete((answer, failure) -> {
      if (failure != null) {
        underWay.cancel(true);
      }
    });
    attempt();
    return result;
  }

  /// Ends it from outside.
  void fail(MistralException why) {
    result.completeExceptionally(why);
  }

  private void attempt() {
    HttpRequest request;
    CompletableFuture<HttpResponse<AnswerBody>> sent;
    try {
      request = request();
      sent = settings.http().sendAsync(request, this::body);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
      return;
    }
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    answered
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((inTime, late) -> {
          if (late instanceof TimeoutException) {
            sent.cancel(true);
          }
        });
    cancelWith(sent);
    sent.whenComplete((response, failure) -> {
      boolean late = !answered.complete(true);
      guarded(() -> answered(request, response, failure, late));
    });
  }

  private void cancelWith(CompletableFuture<?> next) {
    underWay = next;
    if (result.isDone()) {
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
      requireSendable(key);
      request.setHeader("authorization", "Bearer " + key);
    }
    settings.headers().forEach(request::setHeader);
    call.options().headers().forEach(request::setHeader);
    settings.hooks().forEach(hook -> hook.beforeRequest(call.operation(), request));
    return request.build();
  }

  /// Instead of the HTTP client, whose message would show the key.
  private static void requireSendable(String key) {
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "The API key has a space, a line end or another character that no header can carry");
    }
  }

  private BodySubscriber<AnswerBody> body(ResponseInfo info) {
    String type = info.headers().firstValue("content-type").orElse("");
    boolean wanted = Answers.isWanted(call, info.statusCode(), type);
    if (wanted && call.wantsStream()) {
      return new StreamBody();
    }
    return TextBody.atMost(wanted ? TextBody.MAX_ANSWER_BYTES : TextBody.MAX_ERROR_BYTES);
  }

  private void answered(
      HttpRequest request,
      @Nullable HttpResponse<AnswerBody> response,
      @Nullable Throwable failure,
      boolean late) {
    if (response == null) {
      noAnswer(request, failure, late);
      return;
    }
    settings
        .hooks()
        .forEach(hook ->
            hook.afterResponse(
                call.operation(), request, response.statusCode(), response.headers()));
    if (Answers.isWanted(call, response.statusCode(), Answers.contentType(response))) {
      if (!result.complete(response) && response.body() instanceof StreamBody unwanted) {
        unwanted.close();
      }
      return;
    }
    SdkException refused = Answers.refused(call, response);
    if (retries.statusCodes().contains(response.statusCode())) {
      repeatUnlessTooLate(refused, RetryAfter.of(response.headers(), settings.time().now()));
    } else {
      result.completeExceptionally(refused);
    }
  }

  private void noAnswer(HttpRequest request, @Nullable Throwable failure, boolean late) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause == null || result.isDone()) {
      return;
    }
    MistralException mapped =
        late
            ? Answers.late(call, request.uri(), timeout, cause)
            : Answers.failed(call, request.uri(), cause, settings.connectTimeout());
    settings.hooks().forEach(hook -> hook.afterFailure(call.operation(), request, mapped));
    if (retries.retryConnectionErrors()) {
      repeatUnlessTooLate(mapped, Optional.empty());
    } else {
      result.completeExceptionally(mapped);
    }
  }

  private void repeatUnlessTooLate(MistralException failure, Optional<Duration> asked) {
    Duration delay = asked.orElseGet(() -> retries.delay(repeats, settings.random()));
    Duration elapsed = settings.time().since(began);
    if (elapsed.plus(delay).compareTo(retries.maxElapsedTime()) > 0) {
      result.completeExceptionally(failure);
      return;
    }
    repeats++;
    CompletableFuture<Void> wait = settings.time().after(delay);
    cancelWith(wait);
    wait.thenRun(() -> guarded(this::attempt));
  }

  /// A hook that throws fails the call, instead of leaving it without an end.
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    }
  }
}
