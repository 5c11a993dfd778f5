package io.galerne.server.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Admits callers with a key of a [KeyFile], and reloads the file soon after it changes. If the
/// file is malformed, the keys loaded before stay valid until it is fixed. If it is deleted, no key
/// is valid.
public final class KeyGate implements Gate {
  private static final Logger log = LoggerFactory.getLogger(KeyGate.class);
  private static final String SCHEME = "bearer ";

  /// Interval between checks of the file's time, which are cheap.
  private static final long POLL_MILLIS = 500;

  private final Path path;
  private final KeyFile file;
  private final ScheduledExecutorService poller;

  /// Replaced as a whole.
  private volatile Callers callers;

  /// The file's stamp when it was last read; owned by the poller's thread.
  private Optional<Stamp> seen;

  /// Whether the last read failed, and the file's stamp when that was logged.
  private boolean isFailing;

  private Optional<Stamp> reported = Optional.empty();

  /// The valid callers.
  ///
  /// @param byHash by the hash of the secret
  /// @param byId by the id of the key
  private record Callers(Map<String, Caller> byHash, Map<String, Caller> byId) {}

  private record Stamp(FileTime modified, long size, @Nullable Object inode) {}

  /// @throws IllegalArgumentException if the file is missing or malformed
  public KeyGate(Path path) {
    if (Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          "`keys`: " + path + " is a folder: give the key file in it");
    } else if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          "`keys`: there is no key file "
              + path
              + "; create one with: galerne keys add --keys "
              + path
              + " --namespace acme --may read,publish");
    }
    this.path = path;
    this.file = new KeyFile(path);
    this.seen = stamp();
    this.callers = load();
    this.poller =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("galerne-keys").daemon().factory());
    poller.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public Optional<Caller> admit(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String secret = authorization.substring(SCHEME.length()).strip();
    return Optional.ofNullable(callers.byHash().get(KeyFile.hash(secret)));
  }

  @Override
  public boolean stillAdmits(Caller caller) {
    return caller.equals(callers.byId().get(caller.keyId()));
  }

  @Override
  public void close() {
    poller.shutdownNow();
  }

  private void poll() {
    Optional<Stamp> now = stamp();
    if (now.equals(seen)) {
      return;
    }
    try {
      Callers read = load();
      callers = read;
      seen = now;
      isFailing = false;
      log.info("Read {} keys from {}", read.byId().size(), path);
    } catch (RuntimeException | Error e) {
      // Retried at the next poll: the file's permissions can change without changing its stamp.
      if (!isFailing || !now.equals(reported)) {
        isFailing = true;
        reported = now;
        log.error("Keeping the API keys loaded before: {}", e.getMessage());
      }
    }
  }

  private Callers load() {
    Map<String, Caller> byHash = new HashMap<>();
    Map<String, Caller> byId = new HashMap<>();
    for (ApiKey key : file.read()) {
      Caller caller = new Caller(key.id(), key.namespace(), key.may());
      byHash.put(key.sha256(), caller);
      byId.put(key.id(), caller);
    }
    return new Callers(Map.copyOf(byHash), Map.copyOf(byId));
  }

  private Optional<Stamp> stamp() {
    try {
      var attributes =
          Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class);
      return Optional.of(
          new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
