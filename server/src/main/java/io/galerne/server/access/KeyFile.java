package io.galerne.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.galerne.server.files.DurableFiles;
import io.galerne.server.files.FileFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The file of API keys: JSON, with hashes instead of secrets, created readable by its owner only.
/// A change replaces the file atomically and keeps its owner, group, mode and links, so the same
/// users can still read it. Writers hold a lock on a `.lock` file beside it, so that no change
/// undoes another.
public final class KeyFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String SECRET_PREFIX = "gk_";
  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 6;

  /// Longest wait for the lock; a change takes some milliseconds.
  private static final Duration MOST_WAIT = Duration.ofSeconds(10);

  private static final long LOOK_MILLIS = 5;

  private final Path file;

  public KeyFile(Path file) {
    this.file = file;
  }

  /// A new key.
  ///
  /// @param key the key as stored
  /// @param secret what its owner sends; not stored, so it cannot be read again
  public record Created(ApiKey key, String secret) {}

  /// All keys in order of creation; none if there is no file.
  ///
  /// @throws IllegalArgumentException if the file is malformed; the message says where
  /// @throws UncheckedIOException if it cannot be read
  public List<ApiKey> read() {
    try {
      return parse(Files.readString(file, UTF_8));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the key file " + file + ": " + FileFailure.reason(e), e);
    }
  }

  /// Creates and stores a key.
  ///
  /// @throws IllegalArgumentException if the file is malformed; the message says where
  /// @throws UncheckedIOException if it cannot be read or written
  public Created add(String namespace, Set<Right> may) {
    String secret = SECRET_PREFIX + random(SECRET_BYTES);
    ApiKey key =
        new ApiKey(
            "key_" + random(ID_BYTES),
            hash(secret),
            namespace,
            may,
            Instant.now().truncatedTo(ChronoUnit.SECONDS));
    change(keys -> keys.add(key));
    return new Created(key, secret);
  }

  /// Deletes a key.
  ///
  /// @return whether a key with this id existed
  /// @throws IllegalArgumentException if the file is malformed; the message says where
  /// @throws UncheckedIOException if it cannot be read or written
  public boolean revoke(String id) {
    // read first, so that a missing file gets no lock file
    return read().stream().anyMatch(key -> key.id().equals(id))
        && change(keys -> keys.removeIf(key -> key.id().equals(id)));
  }

  /// @param change edits the keys; returns whether it changed any
  private boolean change(Predicate<List<ApiKey>> change) {
    try (FileChannel channel = openLock();
        FileLock _ = lock(channel)) {
      List<ApiKey> keys = new ArrayList<>(read());
      boolean changed = change.test(keys);
      if (changed) {
        DurableFiles.replace(file, text(keys));
      }
      return changed;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write the key file "
              + file
              + ", so its keys are unchanged: "
              + FileFailure.reason(e),
          e);
    }
  }

  /// Opens the lock file. It is beside the key file's link target, so that all links share it, and
  /// has the same owner, so that a change by root does not lock the owner out.
  private FileChannel openLock() throws IOException {
    Path target = DurableFiles.behindLinks(file);
    Path lock = target.resolveSibling(target.getFileName() + ".lock");
    FileChannel channel = FileChannel.open(lock, Set.of(CREATE, WRITE), DurableFiles.OWNER_ONLY);
    try {
      if (Files.exists(target) && !Files.getOwner(lock).equals(Files.getOwner(target))) {
        DurableFiles.copyAccess(target, lock);
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + MOST_WAIT.toNanos();
    while (true) {
      FileLock held = DurableFiles.tryLock(channel);
      if (held != null) {
        return held;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "another process has been changing it for "
                + MOST_WAIT.toSeconds()
                + " s; try again, or end the process that holds its .lock");
      }
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
  }

  /// The SHA-256 of a secret, as lower-case hexadecimal digits.
  static String hash(String secret) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(secret.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private List<ApiKey> parse(String text) {
    List<ApiKey> keys = new ArrayList<>();
    for (JsonNode node : list(text)) {
      try {
        keys.add(key(node));
      } catch (IllegalArgumentException e) {
        throw notOne("key " + (keys.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    return keys;
  }

  private JsonNode list(String text) {
    try {
      JsonNode list = JSON.readTree(text).path("keys");
      if (list.isArray()) {
        return list;
      }
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw notOne("it is not JSON" + where, e);
    }
    throw notOne("it has no list 'keys'", null);
  }

  private IllegalArgumentException notOne(String why, @Nullable Exception cause) {
    return new IllegalArgumentException("The key file " + file + " is malformed: " + why, cause);
  }

  private static ApiKey key(JsonNode node) {
    if (!node.path("may").isArray()) {
      throw new IllegalArgumentException("it has no list 'may'");
    }
    Set<Right> may = new TreeSet<>();
    node.path("may").forEach(right -> may.add(Right.of(right.asString("?"))));
    return new ApiKey(
        text(node, "id"), text(node, "sha256"), text(node, "namespace"), may, created(node));
  }

  private static String text(JsonNode node, String name) {
    if (!node.path(name).isString()) {
      throw new IllegalArgumentException("it has no text '" + name + "'");
    }
    return node.path(name).stringValue();
  }

  private static Instant created(JsonNode node) {
    try {
      return Instant.parse(text(node, "created"));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "its 'created' is not a time such as 2026-01-31T12:00:00Z", e);
    }
  }

  private static String text(List<ApiKey> keys) {
    ObjectNode root = JSON.createObjectNode();
    var list = root.putArray("keys");
    for (ApiKey key : keys) {
      ObjectNode node = list.addObject();
      node.put("id", key.id());
      node.put("sha256", key.sha256());
      node.put("namespace", key.namespace());
      key.may().stream().sorted().forEach(right -> node.withArray("may").add(right.word()));
      node.put("created", key.created().toString());
    }
    return JSON.writeValueAsString(root) + "\n";
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
