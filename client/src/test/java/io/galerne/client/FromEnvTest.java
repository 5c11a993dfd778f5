package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The server and the key that a client takes from the environment.
@Timeout(60)
class FromEnvTest {
  private static final ScriptedServer.Script PAGE =
      wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}");

  private static Optional<String> keySentTo(ScriptedServer server, Map<String, String> variables) {
    try (Mistral mistral = Mistral.builder().fromEnv(variables::get).build()) {
      mistral.events().getWorkflowEvents(b -> {});
    }
    return server.requests().get(0).header("authorization");
  }

  @Test
  void sendsTheMistralKeyToTheMistralServer() {
    try (ScriptedServer server = ScriptedServer.of(PAGE)) {
      Map<String, String> variables =
          Map.of("MISTRAL_SERVER_URL", server.url(), "MISTRAL_API_KEY", " m1\n");

      assertThat(keySentTo(server, variables)).contains("Bearer m1");
    }
  }

  @Test
  void sendsOnlyTheGalerneKeyToTheServerOfGalerneUrl() {
    try (ScriptedServer server = ScriptedServer.of(PAGE)) {
      Map<String, String> variables =
          Map.of("GALERNE_URL", server.url(), "GALERNE_API_KEY", "g1", "MISTRAL_API_KEY", "m1");

      assertThat(keySentTo(server, variables)).contains("Bearer g1");
    }
  }

  @Test
  void neverSendsTheMistralKeyToTheServerOfGalerneUrl() {
    try (ScriptedServer server = ScriptedServer.of(PAGE)) {
      Map<String, String> variables = new HashMap<>();
      variables.put("GALERNE_URL", server.url());
      variables.put("MISTRAL_SERVER_URL", "");
      variables.put("MISTRAL_API_KEY", "m1");

      assertThat(keySentTo(server, variables)).isEmpty();
    }
  }

  @Test
  void prefersMistralServerUrl() {
    try (ScriptedServer server = ScriptedServer.of(PAGE)) {
      Map<String, String> variables =
          Map.of("MISTRAL_SERVER_URL", server.url(), "GALERNE_URL", "http://127.0.0.1:1");

      assertThat(keySentTo(server, variables)).isEmpty();
    }
  }

  @Test
  void namesTheVariablesIfNeitherAKeyNorAServerIsSet() {
    assertThatThrownBy(() -> Mistral.builder().fromEnv(Map.of("GALERNE_API_KEY", "g1")::get))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "MISTRAL_API_KEY is not set. Set it to use the hosted API; for a self-hosted server, set"
                + " GALERNE_URL (and GALERNE_API_KEY if it has keys) or MISTRAL_SERVER_URL");
  }

  @Test
  void namesTheVariableWithAnInvalidServer() {
    assertThatThrownBy(() -> Mistral.builder().fromEnv(Map.of("GALERNE_URL", "localhost")::get))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("GALERNE_URL is invalid: The server URL must be as https://host");
  }

  @Test
  void namesTheVariableWithAnInvalidKeyButNotTheKey() {
    assertThatThrownBy(() -> Mistral.builder().fromEnv(Map.of("MISTRAL_API_KEY", "a b")::get))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("MISTRAL_API_KEY is invalid: ")
        .hasMessageNotContaining("a b");
  }
}
