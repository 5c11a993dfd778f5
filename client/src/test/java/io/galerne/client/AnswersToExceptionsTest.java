package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.ForbiddenException;
import io.galerne.client.error.InvalidRequestException;
import io.galerne.client.error.NotFoundException;
import io.galerne.client.error.RateLimitException;
import io.galerne.client.error.RequestTooLargeException;
import io.galerne.client.error.ServerException;
import io.galerne.client.error.StreamException;
import io.galerne.client.error.UnauthorizedException;
import io.galerne.client.internal.http.Time;
import io.galerne.client.runs.Run;
import io.galerne.client.stream.EventStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Maps responses to exceptions.
@Timeout(60)
class AnswersToExceptionsTest {
  private static final String BODY = "{\"detail\":\"not now\",\"code\":\"WF_1\"}";

  private final FakeTime time = new FakeTime();

  private ApiException thrownFor(ScriptedServer.Script answer) {
    try (ScriptedServer server = ScriptedServer.of(answer);
        Mistral mistral = server.client().time(time).build()) {
      return catchThrowableOfType(
          ApiException.class, () -> mistral.workflows().runs().get("run-1"));
    }
  }

  @Test
  void mapsEachStatusToItsExceptionClass() {
    Map<Integer, Class<? extends ApiException>> classes =
        Map.of(
            401, UnauthorizedException.class,
            403, ForbiddenException.class,
            404, NotFoundException.class,
            413, RequestTooLargeException.class,
            422, InvalidRequestException.class,
            429, RateLimitException.class,
            500, ServerException.class,
            503, ServerException.class,
            400, ApiException.class,
            302, ApiException.class);
    classes.forEach((status, type) -> {
      ApiException thrown = thrownFor(wire -> wire.json(status, BODY));

      assertThat(thrown).isExactlyInstanceOf(type);
      assertThat(thrown.status()).isEqualTo(status);
      assertThat(thrown.code()).contains("WF_1");
      assertThat(thrown.detail()).contains("not now");
      assertThat(thrown.body()).isEqualTo(BODY);
    });
  }

  @Test
  void hasNoCodeIfAProxyAnswered() {
    ApiException thrown = thrownFor(wire -> wire.answer(502, "text/html", "<html>Bad gateway"));

    assertThat(thrown.code()).isEmpty();
    assertThat(thrown.detail()).isEmpty();
    assertThat(thrown.body()).isEqualTo("<html>Bad gateway");
  }

  @Test
  void exposesTheRetryAfterOfTheServer() {
    assertThat(thrownFor(wire -> wire.json(429, BODY, "Retry-After: 3")).retryAfter())
        .contains(Duration.ofSeconds(3));
    assertThat(thrownFor(wire -> wire.json(429, BODY)).retryAfter()).isEmpty();
  }

  @Test
  void saysThatNoKeyIsSet() {
    assertThat(thrownFor(wire -> wire.json(401, BODY)))
        .hasMessageEndingWith(
            "returned 401: not now. No API key is set: give the client's builder one with apiKey,"
                + " or use fromEnv");
  }

  @Test
  void keepsTheFailureBeforeTheLastRetry() {
    Retries retries = Retries.builder().maxElapsedTime(Duration.ofSeconds(2)).build();
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.json(503, BODY), wire -> wire.json(401, BODY));
        Mistral mistral = server.client().time(time).retries(retries).build()) {
      assertThatThrownBy(() -> mistral.workflows().runs().get("run-1"))
          .isInstanceOfSatisfying(
              UnauthorizedException.class,
              e -> assertThat(e.getSuppressed()[0]).isInstanceOf(ServerException.class));
    }
  }

  /// A time whose waits never end.
  private static Time endless(CompletableFuture<Void> waited) {
    return new Time() {
      @Override
      public Instant now() {
        return FakeTime.BEGIN;
      }

      @Override
      public long nanos() {
        return 0;
      }

      @Override
      public CompletableFuture<Void> after(Duration delay) {
        waited.complete(null);
        return new CompletableFuture<>();
      }
    };
  }

  @Test
  void closingTheClientReportsTheFailureBeforeTheRetry() throws Exception {
    CompletableFuture<Void> retried = new CompletableFuture<>();
    try (ScriptedServer server = ScriptedServer.endingWith(wire -> wire.json(503, BODY));
        Mistral mistral =
            server.client().time(endless(retried)).retries(Retries.defaults()).build()) {
      CompletableFuture<Run> run = mistral.async().workflows().runs().get("run-1");
      retried.get(30, TimeUnit.SECONDS);
      mistral.close();

      assertThatThrownBy(run::join)
          .hasCauseInstanceOf(ConnectionException.class)
          .hasRootCauseInstanceOf(ServerException.class);
    }
  }

  @Test
  void aStreamThatGivesUpReportsTheLastFailure() {
    Reconnection once = Reconnection.builder().maxAttempts(2).build();
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                wire -> wire.stream().end(),
                wire -> wire.stream().end(),
                wire -> wire.json(503, BODY));
        Mistral mistral =
            server.client().time(time).random(new WorstLuck()).reconnection(once).build()) {
      EventStream stream = mistral.events().getStreamEvents(b -> {});

      assertThatThrownBy(() -> stream.iterator().hasNext())
          .isInstanceOf(StreamException.class)
          .hasCauseInstanceOf(ServerException.class);
    }
  }

  @Test
  void keepsThePositionWhenItIsSerialized() throws Exception {
    Checkpoint position = new Checkpoint("log-1", 7);
    StreamException failure =
        new StreamException(StreamException.Kind.GAVE_UP, "The stream gave up", position, null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(failure);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((StreamException) in.readObject()).position()).contains(position);
    }
  }
}
