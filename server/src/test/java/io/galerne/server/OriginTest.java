package io.galerne.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
  private static ServerConfig config(String origin) {
    return ServerConfig.builder().corsOrigins(List.of(origin)).build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "https://runs.example.org",
        "http://localhost:5173",
        "http://127.0.0.1:8080",
        "http://[::1]:3000",
        "https://example.org:8443",
        "http://example.org:443",
        "https://xn--caf-dma.example",
        "capacitor://localhost",
        "chrome-extension://abcdefghijklmnop"
      })
  void acceptsOriginsThatBrowsersSend(String origin) {
    assertThatCode(() -> config(origin)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://runs.example.org/ | browsers send https://runs.example.org",
        "https://runs.example.org/app | browsers send https://runs.example.org",
        "https://runs.example.org?a=b | browsers send https://runs.example.org",
        "https://runs.example.org#top | browsers send https://runs.example.org",
        "https://Runs.Example.org | browsers send https://runs.example.org",
        "HTTPS://runs.example.org | browsers send https://runs.example.org",
        "https://runs.example.org:443 | browsers send https://runs.example.org",
        "http://runs.example.org:80 | browsers send http://runs.example.org",
        "http://runs.example.org:08080 | browsers send http://runs.example.org:8080",
        "runs.example.org | it needs a scheme",
        "localhost:3000 | it needs a scheme",
        "//runs.example.org | it needs a scheme",
        "https:// | like https://",
        "https://user@example.org | a user",
        "https://example.org:0 | from 1 to 65535",
        "https://example.org:99999 | from 1 to 65535",
        "https://example.org: | from 1 to 65535",
        "https://example.org:a | from 1 to 65535",
        "https://*.example.org | only alone",
        "https://café.example | punycode",
        "'https://a b.example' | like https://",
        "'https://a.example https://b.example' | like https://",
        "'' | it needs a scheme"
      })
  void refusesOriginsThatCanNeverMatch(String origin, String why) {
    assertThatThrownBy(() -> config(origin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + origin + "'")
        .hasMessageContaining(why);
  }
}
