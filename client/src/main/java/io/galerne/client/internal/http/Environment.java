package io.galerne.client.internal.http;

import io.galerne.client.Mistral;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The server URL and the API key from environment variables. A key is sent only to the server that
/// it belongs to: `MISTRAL_API_KEY` never goes to the server of `GALERNE_URL`.
public final class Environment {
  private static final String MISTRAL_URL = "MISTRAL_SERVER_URL";
  private static final String MISTRAL_KEY = "MISTRAL_API_KEY";
  private static final String GALERNE_URL = "GALERNE_URL";
  private static final String GALERNE_KEY = "GALERNE_API_KEY";

  private final UnaryOperator<@Nullable String> variables;

  public Environment(UnaryOperator<@Nullable String> variables) {
    this.variables = variables;
  }

  /// Applies the variables to a client's settings.
  ///
  /// @throws IllegalStateException if no variable names a server or a key, or a value is unusable
  public void configure(Mistral.Builder client) {
    boolean galerne = value(MISTRAL_URL) == null && value(GALERNE_URL) != null;
    String urlVariable = galerne ? GALERNE_URL : MISTRAL_URL;
    String keyVariable = galerne ? GALERNE_KEY : MISTRAL_KEY;
    String url = value(urlVariable);
    String key = value(keyVariable);
    if (url == null && key == null) {
      throw new IllegalStateException(
          MISTRAL_KEY
              + (" is not set. Set it to use the hosted API; for a self-hosted server, set "
                  + GALERNE_URL)
              + (" (and " + GALERNE_KEY + " if it has keys) or " + MISTRAL_URL));
    }
    if (url != null) {
      setServerUrl(client, url, urlVariable);
    }
    if (key != null) {
      requireSendable(key, keyVariable);
      client.apiKey(key);
    }
  }

  private static void setServerUrl(Mistral.Builder client, String url, String variable) {
    try {
      ServerUrl.of(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(variable + " is invalid: " + e.getMessage(), e);
    }
    client.serverUrl(url);
  }

  private static void requireSendable(String key, String variable) {
    try {
      ClientSettings.requireSendable(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(variable + " is invalid: " + e.getMessage(), e);
    }
  }

  private @Nullable String value(String variable) {
    String value = variables.apply(variable);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
