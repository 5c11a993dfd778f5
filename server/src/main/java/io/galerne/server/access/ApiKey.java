package io.galerne.server.access;

import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;

/// An API key as stored, without its secret.
///
/// @param id public id of the key; not secret
/// @param sha256 hash of the secret, as 64 hexadecimal digits
/// @param namespace the only namespace it gives access to
/// @param may its rights there
/// @param created creation time
public record ApiKey(String id, String sha256, String namespace, Set<Right> may, Instant created) {
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /// @throws IllegalArgumentException if a value is malformed
  public ApiKey {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          "'"
              + namespace
              + "' is not a namespace: use 1 to 64 letters, digits, '.', '_' or '-', beginning with"
              + " a letter or digit");
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "Key " + id + " has no SHA-256 hash of 64 lower-case digits");
    }
    if (may.isEmpty()) {
      throw new IllegalArgumentException(
          "Key " + id + " has no rights: give it read, publish or both");
    }
    may = Set.copyOf(may);
  }
}
