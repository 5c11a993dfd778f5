package io.galerne.jetstream;

import io.galerne.server.log.LogOpenException;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.PersistMode;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates the stream of a log if it is missing, and checks it if it exists.
final class StreamSetup {
  private static final Logger log = LoggerFactory.getLogger(StreamSetup.class);

  /// The oldest version of NATS whose API is sufficient for a node.
  private static final String OLDEST = "2.9.0";

  /// Older servers were seen to lose messages of streams with several replicas if a publication
  /// with a wrong last sequence was refused and the leader changed later.
  private static final String SAFE_REPLICAS = "2.12.0";

  /// The remedy for settings that cannot be changed.
  private static final String REPLACE =
      "delete it and let Galerne create it, or choose another name with the setting `stream`";

  private static final int DEFAULT_REPLICAS = 3;
  private static final long UNLIMITED = -1;

  /// With a smaller payload, a commit would need too many messages.
  private static final long LEAST_PAYLOAD = 64 * 1024;

  /// JetStream's error code of a single server that is asked for replicas.
  private static final int NOT_CLUSTERED = 10_074;

  /// JetStream's error code of a cluster that is too small, or not formed yet.
  private static final int TOO_FEW_SERVERS = 10_005;

  private static final int NAME_IN_USE = 10_058;
  private static final int SUBJECTS_OVERLAP = 10_065;
  private static final int NOT_FOUND = 404;

  /// A cluster that was just started elects its leaders first.
  private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

  private static final long PAUSE_MILLIS = 250;

  private final Cluster cluster;
  private final JetStreamLogConfig config;
  private final String name;
  private final String subject;

  StreamSetup(Cluster cluster, JetStreamLogConfig config) {
    this.cluster = cluster;
    this.config = config;
    this.name = config.stream();
    this.subject = LogStream.subject(name);
  }

  /// Creates or checks the log's stream and returns it.
  ///
  /// @throws LogOpenException if the stream exists and does not fit, or cannot be created
  LogStream open() {
    requireUsableServers();
    StreamConfiguration stream = findOrCreate();
    StreamIdentity identity = identity(stream);
    if (config.store().afterRestore()) {
      identity = renew(stream, identity);
    }
    return new LogStream(cluster, name, identity);
  }

  private StreamIdentity identity(StreamConfiguration stream) {
    String description = stream.getDescription();
    return StreamIdentity.read(description)
        .orElseThrow(() ->
            new LogOpenException(
                StreamIdentity.otherFormat(description)
                        .map(format ->
                            "The NATS stream "
                                + name
                                + " has format "
                                + format
                                + ", which this version of Galerne does not read"
                                + (format.equals("1") ? " (format 1 was never released)" : "")
                                + ": ")
                        .orElse("The NATS stream " + name + " was not created by Galerne: ")
                    + "choose another name with the setting `stream`"));
  }

  private void requireUsableServers() {
    if (!cluster.isAtLeast(OLDEST)) {
      throw new LogOpenException(
          "NATS at %s is version %s, and Galerne needs %s or newer: upgrade all servers"
              .formatted(cluster.addresses(), cluster.version(), OLDEST));
    }
    long most = cluster.connection().getMaxPayload();
    if (most < LEAST_PAYLOAD) {
      throw new LogOpenException(
          "NATS at %s takes messages of %d bytes at most, and the log needs %d: set 'max_payload: 1MB' on"
                  .formatted(cluster.addresses(), most, LEAST_PAYLOAD)
              + " all servers");
    }
  }

  private StreamConfiguration findOrCreate() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        StreamConfiguration found = find();
        if (found == null) {
          return create();
        }
        identity(found);
        check(found);
        requireSafe(found.getReplicas());
        return found;
      } catch (JetStreamApiException | IOException e) {
        int code = e instanceof JetStreamApiException api ? api.getApiErrorCode() : 0;
        if (code == SUBJECTS_OVERLAP) {
          throw new LogOpenException(
              "Cannot create the NATS stream "
                  + name
                  + ": another stream takes its subject, "
                  + subject
                  + "; choose another name with the setting `stream`, or delete that stream",
              e);
        }
        if (code != NAME_IN_USE && System.nanoTime() > deadline) {
          throw new LogOpenException(
              "Cannot open the stream "
                  + name
                  + " on the NATS cluster at "
                  + cluster.addresses()
                  + ": "
                  + e.getMessage()
                  + complaint()
                  + remedy(e),
              e);
        }
        pause();
      }
    }
  }

  private String complaint() {
    String complaint = cluster.complaint();
    return complaint.isEmpty() ? "" : " (a server said: " + complaint + ")";
  }

  private static String remedy(Exception problem) {
    return problem instanceof JetStreamApiException api && api.getApiErrorCode() == TOO_FEW_SERVERS
        ? "; it has too few servers for so many replicas: add some, or set `replicas` to less"
        : "; is JetStream on, and may this user create and read streams?";
  }

  private @Nullable StreamConfiguration find() throws JetStreamApiException, IOException {
    try {
      return cluster.streams().getStreamInfo(name).getConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() == NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private StreamConfiguration create() throws JetStreamApiException, IOException {
    int replicas = config.replicas().orElse(DEFAULT_REPLICAS);
    try {
      if (cluster.isSeveralServers()) {
        requireSafe(replicas);
      }
      return create(replicas);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NOT_CLUSTERED) {
        throw e;
      }
      if (config.replicas().isPresent()) {
        throw new LogOpenException(
            "NATS at %s is a single server and cannot keep %d replicas: start it as a cluster, or set"
                    .formatted(cluster.addresses(), replicas)
                + " `replicas` to 1",
            e);
      }
      log.warn("NATS at {} is a single server: there is one copy of the log", cluster.addresses());
      return create(1);
    }
  }

  private StreamConfiguration create(int replicas) throws JetStreamApiException, IOException {
    StreamConfiguration wanted =
        StreamConfiguration.builder()
            .name(name)
            .description(StreamIdentity.fresh().description())
            .subjects(subject)
            .storageType(StorageType.File)
            .retentionPolicy(RetentionPolicy.Limits)
            .discardPolicy(DiscardPolicy.New)
            .replicas(replicas)
            .build();
    StreamConfiguration created = cluster.streams().addStream(wanted).getConfiguration();
    log.info("Created the NATS stream {} with {} replicas", name, replicas);
    return created;
  }

  /// Checks the settings of a stream that a log relies on. Operators may choose all others, such as
  /// compression.
  private void check(StreamConfiguration found) {
    require(
        found.getSubjects().equals(List.of(subject)),
        "takes the subjects " + found.getSubjects() + " and should take [" + subject + "]",
        "choose another name with the setting `stream`");
    require(
        found.getStorageType() == StorageType.File,
        "is kept in memory, where events would not outlive the servers",
        REPLACE);
    require(
        found.getRetentionPolicy() == RetentionPolicy.Limits,
        "forgets messages that were read (retention " + found.getRetentionPolicy() + ")",
        REPLACE);
    boolean forgets =
        !found.getMaxAge().isZero()
            || found.getMaxMsgs() > 0
            || found.getMaxMsgsPerSubject() > 0
            || (found.getMaxBytes() > 0 && found.getDiscardPolicy() == DiscardPolicy.Old);
    require(
        !forgets,
        "deletes messages on its own, which readers would not notice",
        "run 'nats stream edit "
            + name
            + " --max-age=0 --max-msgs=-1 --max-msgs-per-subject=-1 --discard=new', and use the settings"
            + " `retentionAge` and `retentionBytes`");
    require(
        !found.getSealed(),
        "is sealed, so nothing can be stored in it",
        "choose another name with the setting `stream`");
    require(
        !found.getDenyPurge(),
        "does not let messages be deleted, so nothing would ever expire",
        REPLACE);
    require(
        !found.getNoAck(),
        "does not answer publishers, so no append could ever be confirmed",
        REPLACE);
    List<Source> sources = found.getSources();
    require(
        (sources == null || sources.isEmpty()) && found.getSubjectTransform() == null,
        "takes messages of other streams or renames their subjects, so others than Galerne would write"
            + " the log",
        REPLACE);
    require(!found.getAllowMessageCounter(), "keeps counters, and would refuse events", REPLACE);
    require(
        found.getPersistMode() != PersistMode.Async,
        "answers before it has stored, so a crash could take answered events away",
        REPLACE);
    require(
        found.getMaximumMessageSize() <= 0,
        "takes messages of " + found.getMaximumMessageSize() + " bytes at most",
        "run 'nats stream edit " + name + " --max-msg-size=" + UNLIMITED + "'");
    config.replicas().ifPresent(wanted -> checkReplicas(found.getReplicas(), wanted));
  }

  private void checkReplicas(int found, int wanted) {
    require(
        found == wanted,
        "has %d replicas, and the setting `replicas` asks for %d".formatted(found, wanted),
        "run 'nats stream edit %s --replicas=%d', or start without that setting"
            .formatted(name, wanted));
  }

  /// Makes sure that these servers are safe with this many replicas.
  private void requireSafe(int replicas) {
    if (replicas > 1 && !cluster.isAtLeast(SAFE_REPLICAS)) {
      throw new LogOpenException(
          "NATS "
              + cluster.version()
              + " can lose events of a stream with several replicas when its leader changes: upgrade"
              + " all servers to "
              + SAFE_REPLICAS
              + " or newer, or keep one copy with the setting `replicas` at 1");
    }
  }

  private void require(boolean fits, String problem, String remedy) {
    if (!fits) {
      throw new LogOpenException("The NATS stream " + name + " " + problem + ": " + remedy);
    }
  }

  private StreamIdentity renew(StreamConfiguration stream, StreamIdentity before) {
    LogStream old = new LogStream(cluster, name, before);
    StreamIdentity renewed = before.afterRestore(highestSequence(old));
    StreamConfiguration next =
        StreamConfiguration.builder(stream).description(renewed.description()).build();
    cluster.ask(() -> cluster.streams().updateStream(next));
    log.info(
        "After a restore: the log {} is now {} and continues at {}",
        before.logId(),
        renewed.logId(),
        renewed.floor() + 1);
    return renewed;
  }

  /// Returns the highest sequence in the stream, that of the newest commit or of a torn one after
  /// it; 0 if there are no events.
  private long highestSequence(LogStream stream) {
    LogStream.Kept kept = stream.newest();
    while (kept != null) {
      try {
        return CommitPart.read(kept.data()).last();
      } catch (IllegalArgumentException e) {
        kept = kept.position() > 1 ? stream.get(kept.position() - 1) : null;
      }
    }
    if (stream.state().last() > 0) {
      throw new LogOpenException(
          "The NATS stream %s once held events, but no message has its last sequence: delete it, and"
                  .formatted(name)
              + " let Galerne create it");
    }
    return 0;
  }

  /// Waits a moment before the next request to the cluster while the log is opened.
  static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogOpenException("Interrupted while opening the log", e);
    }
  }
}
