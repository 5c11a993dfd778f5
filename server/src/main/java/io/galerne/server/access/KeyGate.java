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

/// Admits whoever shows a key of a [KeyFile], which it reads again soon after it changes. A file
/// that is damaged changes nothing: the keys known before stay good until it is mended. A file that
/// is gone admits nobody.
public final class KeyGate implements Gate {
  private static final Logger log = LoggerFactory.getLogger(KeyGate.class);
  private static final String SCHEME = "bearer ";

  /// How soon a change is seen; a look at the file's time is cheap.
  private static final long POLL_MILLIS = 500;

  private final Path path;
  private final KeyFile file;
  private final ScheduledExecutorService poller;

  /// Replaced as a whole.
  private volatile Callers callers;

  /// What the file looked like when it was last read; owned by the poller's thread.
  private Optional<Stamp> seen;

  /// Whether the file could not be read, and its state when that was logged.
  private boolean isFailing;

  private Optional<Stamp> reported = Optional.empty();

  /// Who may call.
  ///
  /// @param byHash by the hash of the secret
  /// @param byId by the id of the key
  private record Callers(Map<String, Caller> byHash, Map<String, Caller> byId) {}

  private record Stamp(FileTime modified, long size, @Nullable Object inode) {}

  /// @throws IllegalArgumentException if the file is missing or not a key file
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
      // Tried again at the next look: who may read the file can change without a trace in its
      // stamp.
      if (!isFailing || !now.equals(reported)) {
        isFailing = true;
        reported = now;
        log.error("Keys stay as they were: {}", e.getMessage());
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
