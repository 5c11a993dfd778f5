package io.galerne.server.api;

import static io.galerne.server.RunningServer.BATCH;
import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.GalerneServer;
import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.ServerConfig;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.galerne.server.access.KeyFile;
import io.galerne.server.access.KeyFile.Created;
import io.galerne.server.access.Right;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A key gives its rights in its namespace and nothing else (contract, section 7; target R6).
@Timeout(60)
@ExtendWith(QuietServer.class)
class NamespacesTest {
  private static final Set<Right> BOTH = Set.of(Right.READ, Right.PUBLISH);
  private static final String NO_KEY =
      "{\"detail\":\"An API key is needed: send it as 'Authorization: Bearer <key>'\","
          + "\"code\":\"WF_1101\"}";

  private static final String UNKNOWN_KEY =
      "{\"detail\":\"This API key is not known; it may have been revoked\",\"code\":\"WF_1101\"}";

  @TempDir Path folder;

  private KeyFile keys;
  private Created acme;
  private Created umbrella;
  private RunningServer server;

  @BeforeEach
  void start() {
    keys = new KeyFile(folder.resolve("keys.json"));
    acme = keys.add("acme", BOTH);
    umbrella = keys.add("umbrella", BOTH);
    server = RunningServer.start(folder.resolve("data"), config());
  }

  private ServerConfig.Builder config() {
    return RunningServer.config().keys(Optional.of(folder.resolve("keys.json")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String[] with(Created key) {
    return new String[] {"Authorization", "Bearer " + key.secret()};
  }

  private StreamReader stream(Created key, String target) {
    return server.stream(target).header("Authorization", "Bearer " + key.secret()).open();
  }

  private long publish(Created key, String id) {
    HttpResponse<String> answer =
        server.post(
            STREAM_EVENT, SampleEvents.streamEvent(SampleEvents.event(id, "run-1")), with(key));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Long.parseLong(answer.body().replaceAll("\\D", ""));
  }

  @Test
  void sequencesAreSharedAndEventIdsAreNot() {
    assertThat(publish(acme, "same")).isEqualTo(1);
    assertThat(publish(umbrella, "same")).isEqualTo(2);
    assertThat(publish(acme, "same")).isEqualTo(1);
    assertThat(publish(umbrella, "same")).isEqualTo(2);
    assertThat(publish(acme, "other")).isEqualTo(3);
  }

  @Test
  void readersSeeOnlyTheirNamespaceStoredAndLive() {
    publish(acme, "a1");
    publish(umbrella, "u1");
    try (StreamReader acmes = stream(acme, STREAM);
        StreamReader umbrellas = stream(umbrella, STREAM + "?workflow_exec_id=run-1");
        StreamReader execution = stream(umbrella, "/v1/workflows/executions/run-1/stream")) {
      publish(acme, "a2");
      publish(umbrella, "u2");
      acmes.await(2);
      umbrellas.await(2);
      execution.await(2);
      assertThat(acmes.sequences()).containsExactly(1L, 3L);
      assertThat(umbrellas.sequences()).containsExactly(2L, 4L);
      assertThat(execution.sequences()).containsExactly(2L, 4L);
      assertThat(acmes.messages())
          .allMatch(message -> message.data().contains("{\"namespace\":\"acme\","));
    }
    assertThat(server.get(LIST + "?workflow_exec_id=run-1", with(acme)).body())
        .contains("\"a1\"", "\"a2\"")
        .doesNotContain("u1", "u2");
  }

  @Test
  void aCursorIsValidOnlyInItsNamespace() {
    publish(acme, "a1");
    publish(acme, "a2");
    publish(umbrella, "u1");
    publish(umbrella, "u2");
    String body = server.get(LIST + "?limit=1", with(acme)).body();
    String cursor = body.replaceAll(".*\"next_cursor\":\"([^\"]+)\"}", "$1");
    assertThat(server.get(LIST + "?cursor=" + cursor, with(acme)).statusCode()).isEqualTo(200);
    assertThat(server.get(LIST + "?cursor=" + cursor, with(umbrella)).statusCode()).isEqualTo(422);
  }

  @Test
  void ignoresTheNamespaceThatAClientClaims() {
    String claim =
        SampleEvents.streamEvent(SampleEvents.event("mine", "run-1"))
            .replace(
                "\"workflow_context\":{}", "\"workflow_context\":{\"namespace\":\"umbrella\"}");
    assertThat(server.post(STREAM_EVENT, claim, with(acme)).statusCode()).isEqualTo(200);
    assertThat(server.get(LIST, with(umbrella)).body()).doesNotContain("mine");
    assertThat(server.get(LIST + "?namespace=umbrella", with(acme)).body()).contains("mine");
  }

  @Test
  void allButTheOpenPathsAre401WithoutAKnownKey() {
    for (String header :
        List.of(
            "",
            "Bearer",
            "Bearer ",
            "Bearer gk_no",
            "Basic " + acme.secret(),
            acme.secret(),
            "Bearer " + acme.key().id(),
            "Bearer " + acme.key().sha256())) {
      String[] headers = header.isEmpty() ? new String[0] : new String[] {"Authorization", header};
      String expected = header.matches("Bearer .+") ? UNKNOWN_KEY : NO_KEY;
      for (String path : List.of(LIST, STREAM, "/v1/workflows/executions/a/stream")) {
        assert401(server.get(path, headers), expected);
      }
      for (String path : List.of(SINGLE, BATCH, STREAM_EVENT)) {
        assert401(server.post(path, "{}", headers), expected);
      }
    }
    for (String open : List.of("/health/live", "/health/ready", "/metrics", "/openapi.yaml")) {
      assertThat(server.get(open).statusCode()).isEqualTo(200);
    }
    assertThat(server.get("/nowhere").statusCode()).isEqualTo(404);
  }

  private static void assert401(HttpResponse<String> answer, String body) {
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
  }

  @Test
  void answers403WithoutTheRight() {
    Created reader = keys.add("acme", Set.of(Right.READ));
    Created publisher = keys.add("acme", Set.of(Right.PUBLISH));
    server.close();
    server = RunningServer.start(folder.resolve("data"), config());
    publish(publisher, "one");

    assertThat(server.get(LIST, with(reader)).body()).contains("\"one\"");
    HttpResponse<String> publishing = server.post(SINGLE, "{}", with(reader));
    HttpResponse<String> listing = server.get(LIST, with(publisher));

    assertThat(publishing.statusCode()).isEqualTo(403);
    assertThat(publishing.body())
        .isEqualTo(
            "{\"detail\":\"This API key may not publish; use one that may\",\"code\":\"WF_1103\"}");
    assertThat(listing.statusCode()).isEqualTo(403);
    assertThat(listing.body())
        .isEqualTo(
            "{\"detail\":\"This API key may not read; use one that may\",\"code\":\"WF_1103\"}");
    assertThat(server.get(STREAM, with(publisher)).statusCode()).isEqualTo(403);
  }

  @Test
  void revokingAKeyEndsItsStreamsOnly() {
    publish(acme, "a1");
    try (StreamReader gone = stream(acme, STREAM);
        StreamReader stays = stream(umbrella, STREAM)) {
      gone.await(1);
      assertThat(keys.revoke(acme.key().id())).isTrue();

      assertThat(gone.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(gone.endsBetweenFrames()).isTrue();
      assert401(server.get(LIST, with(acme)), UNKNOWN_KEY);
      publish(umbrella, "u1");
      stays.await(1);
      assertThat(stays.end()).isEqualTo(End.OPEN);
    }
  }

  @Test
  void aNewKeyWorksWithoutARestart() {
    Created late = keys.add("late", BOTH);
    await().until(() -> server.get(LIST, with(late)).statusCode() == 200);
    publish(late, "one");
    assertThat(server.get(LIST, with(late)).body()).contains("\"one\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void withoutKeysItListensOnLoopbackOnly(String host) {
    assertThatThrownBy(() -> RunningServer.config().host(host).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(host)
        .hasMessageContaining("keys");
  }

  @Test
  void withKeysItListensEverywhere() {
    try (GalerneServer everywhere =
        GalerneServer.start(
            config().host("0.0.0.0").build(), RunningServer.log(folder.resolve("other")))) {
      assertThat(everywhere.uri().getPort()).isPositive();
    }
  }
}
