package io.galerne.cli.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerOptionsTest {
  private static final Map<String, String> MISTRAL = Map.of("MISTRAL_API_KEY", "mistral");

  private static ServerOptions server(String url, @Nullable String apiKey) {
    ServerOptions options = new ServerOptions();
    options.url = url;
    options.apiKey = apiKey;
    return options;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://api.mistral.ai", "https://API.Mistral.AI:443/x", "https://mistral.ai"})
  void mistralsKeyGoesToMistral(String url) {
    assertThat(server(url, null).key(MISTRAL)).isEqualTo("mistral");
    assertThat(server(url, "mine").key(MISTRAL)).isEqualTo("mine");
    assertThat(server(url, null).key(Map.of("MISTRAL_API_KEY", " "))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.mistral.ai",
        "https://mistral.ai.example.com",
        "https://notmistral.ai",
        "https://events.example.com",
        "http://127.0.0.1:8080",
        "http://localhost:8080"
      })
  void mistralsKeyGoesNowhereElse(String url) {
    assertThat(server(url, null).key(MISTRAL)).isNull();
    assertThat(server(url, null).leavesMistralKeyOut(MISTRAL)).isTrue();
    assertThat(server(url, null).leavesMistralKeyOut(Map.of())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://events.example.com",
        "HTTP://192.0.2.1:8080",
        "http://[2001:db8::1]:8080",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:8080"
      })
  void sendsAKeyToOtherMachinesEncryptedOnly(String url) {
    assertThatThrownBy(() -> server(url, "mine").key(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("--url " + url, "https://", "--insecure-http");
    assertThat(server(url, null).key(Map.of())).isNull();

    ServerOptions allowed = server(url, "mine");
    allowed.insecureHttp = true;
    assertThat(allowed.key(Map.of())).isEqualTo("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080",
        "http://127.8.8.8",
        "http://[::1]:8080",
        "http://localhost",
        "http://galerne.localhost:8080",
        "https://events.example.com"
      })
  void aKeyMayBeSentToThisMachineOrOverTls(String url) {
    assertThat(server(url, "mine").key(Map.of())).isEqualTo("mine");
  }

  @Test
  void prefersTheUsersOwnKey() {
    assertThat(server("http://127.0.0.1:8080", "mine").leavesMistralKeyOut(MISTRAL)).isFalse();
  }
}
