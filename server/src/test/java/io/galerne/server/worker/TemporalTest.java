package io.galerne.server.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemporalTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:7233",
        "temporal:1",
        "a.b-c.example:65535",
        "[::1]:7233",
        "10.0.0.1:80"
      })
  void acceptsHostAndPort(String address) {
    assertThat(new Temporal(address, "default", false).address()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "temporal",
        "temporal:",
        ":7233",
        "temporal:0",
        "temporal:65536",
        "temporal:99999999999",
        "temporal:x",
        "http://temporal:7233",
        "temporal:7233/",
        "::1:7233",
        "user@temporal:7233",
        "tem poral:7233"
      })
  void refusesAnythingElse(String address) {
    assertThatThrownBy(() -> new Temporal(address, "default", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOST:PORT")
        .hasMessageContaining(address);
  }

  @Test
  void refusesAnEmptyNamespace() {
    assertThatThrownBy(() -> new Temporal("temporal:7233", " ", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("namespace");
  }
}
