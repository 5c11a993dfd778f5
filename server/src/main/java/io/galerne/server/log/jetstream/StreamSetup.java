package io.galerne.server.log.jetstream;

import io.galerne.server.log.LogOpenException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.PersistMode;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the streams of a log where they are missing, and checks them where they are there.
final class StreamSetup {
  private static final Logger log = LoggerFactory.getLogger(StreamSetup.class);

  /// From here on, servers store batches as one.
  private static final String ATOMIC_BATCHES = "2.12.0";

  /// Before it, servers were seen to lose messages of streams with several replicas when a publisher
  /// that named the wrong last sequence was refused and the leader changed later.
  private static final String SAFE_REPLICAS = "2.12.0";

  /// What to do about what cannot be changed.
  private static final String REPLACE =
      "delete it and let Galerne make it, or choose another name with --stream";

  private static final int DEFAULT_REPLICAS = 3;
  private static final long UNLIMITED = -1;

  /// A segment of the index is one message: of 393,231 bytes where no value comes twice in it.
  static final long LEAST_PAYLOAD = 512 * 1024;

  /// What a server by itself says where it should keep replicas.
  private static final int NOT_CLUSTERED = 10_074;

  /// What a cluster says that is too small, or not together yet.
  private static final int TOO_FEW_SERVERS = 10_005;

  private static final int NAME_IN_USE = 10_058;
  private static final int SUBJECTS_OVERLAP = 10_065;
  private static final int NOT_FOUND = 404;

  /// A cluster that has just been started elects its leaders first.
  private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

  private static final long PAUSE_MILLIS = 250;

  private final Cluster cluster;
  private final JetStreamLogConfig config;
  private final Subjects subjects;

  StreamSetup(Cluster cluster, JetStreamLogConfig config) {
    this.cluster = cluster;
    this.config = config;
    this.subjects = new Subjects(config.stream());
  }

  /// The log's stream, made or checked.
  ///
  /// @throws LogOpenException where the stream is there and does not fit, or cannot be made
  LogStream open() {
    requireLargePayloads();
    StreamConfiguration stream =
        findOrMake(config.stream(), subjects.all(), StreamIdentity.fresh());
    StreamIdentity identity =
        StreamIdentity.read(stream.getDescription())
            .orElseThrow(() ->
                new LogOpenException(
                    "The NATS stream "
                        + config.stream()
                        + " was not made by Galerne; choose another name with --stream"));
    String idBefore = identity.logId();
    if (config.afterRestore()) {
      identity = renew(stream, identity);
    }
    findOrMake(subjects.indexStream(), subjects.allOfIndex(), identity);
    if (config.afterRestore()) {
      PurgeOptions before = PurgeOptions.subject(subjects.index(idBefore));
      cluster.ask(() -> cluster.streams().purgeStream(subjects.indexStream(), before));
    }
    return new LogStream(cluster, config.stream(), identity, isAtomic(stream));
  }

  private void requireLargePayloads() {
    long most = cluster.connection().getMaxPayload();
    if (most < LEAST_PAYLOAD) {
      throw new LogOpenException(
          "NATS at "
              + cluster.addresses()
              + " takes messages of "
              + most
              + " bytes at the most, and the log's index needs more: set 'max_payload: 1MB' on all"
              + " servers");
    }
  }

  /// Whether batches are to be stored as one; a stream of older servers is told to. Not where there is
  /// one replica: servers collect the messages of such a batch in memory for several replicas, but in
  /// a new folder on disk for one, and that takes longer than a round trip more.
  private boolean isAtomic(StreamConfiguration stream) {
    if (stream.getReplicas() == 1 || !cluster.isAtLeast(ATOMIC_BATCHES)) {
      return false;
    }
    if (!stream.getAllowAtomicPublish()) {
      String name = stream.getName();
      cluster.ask(() -> {
        StreamConfiguration now = cluster.streams().getStreamInfo(name).getConfiguration();
        StreamConfiguration.Builder next = StreamConfiguration.builder(now);
        return cluster.streams().updateStream(next.allowAtomicPublish().build());
      });
      log.info("The NATS stream {} stores batches as one from now on", name);
    }
    return true;
  }

  private StreamConfiguration findOrMake(String name, List<String> taken, StreamIdentity identity) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        StreamConfiguration found = find(name);
        if (found == null) {
          return make(name, taken, identity);
        }
        check(found, taken);
        requireSafe(found.getReplicas());
        return found;
      } catch (JetStreamApiException | IOException e) {
        int code = e instanceof JetStreamApiException api ? api.getApiErrorCode() : 0;
        if (code == SUBJECTS_OVERLAP) {
          throw new LogOpenException(
              "Cannot make the NATS stream "
                  + name
                  + ": another stream takes some of its subjects, "
                  + taken
                  + "; choose another name with --stream, or delete that stream",
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
        ? "; it has too few servers for so many replicas: add some, or ask for less with --replicas"
        : "; is JetStream on, and may this user make and read streams?";
  }

  private @Nullable StreamConfiguration find(String name)
      throws JetStreamApiException, IOException {
    try {
      return cluster.streams().getStreamInfo(name).getConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() == NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private StreamConfiguration make(String name, List<String> taken, StreamIdentity identity)
      throws JetStreamApiException, IOException {
    int replicas = config.replicas().orElse(DEFAULT_REPLICAS);
    try {
      if (cluster.isSeveralServers()) {
        requireSafe(replicas);
      }
      return make(name, taken, identity, replicas);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NOT_CLUSTERED) {
        throw e;
      }
      if (config.replicas().isPresent()) {
        throw new LogOpenException(
            "NATS at "
                + cluster.addresses()
                + " is one server by itself and cannot keep "
                + (replicas + " replicas: start it as a cluster, or with --replicas 1"),
            e);
      }
      log.warn(
          "NATS at {} is one server by itself: there is one copy of the log", cluster.addresses());
      return make(name, taken, identity, 1);
    }
  }

  private StreamConfiguration make(
      String name, List<String> taken, StreamIdentity identity, int replicas)
      throws JetStreamApiException, IOException {
    StreamConfiguration wanted =
        StreamConfiguration.builder()
            .name(name)
            .description(identity.description())
            .subjects(taken)
            .storageType(StorageType.File)
            .retentionPolicy(RetentionPolicy.Limits)
            .discardPolicy(DiscardPolicy.New)
            .replicas(replicas)
            .allowAtomicPublish(cluster.isAtLeast(ATOMIC_BATCHES))
            .build();
    StreamConfiguration made = cluster.streams().addStream(wanted).getConfiguration();
    log.info("Made the NATS stream {} with {} replicas", name, replicas);
    return made;
  }

  /// Compares a stream with what a log relies on. Whatever else an operator sets is welcome.
  private void check(StreamConfiguration found, List<String> taken) {
    String name = found.getName();
    Set<String> subjectsFound = new TreeSet<>(found.getSubjects());
    require(
        subjectsFound.equals(new TreeSet<>(taken)),
        name,
        "takes the subjects " + subjectsFound + " where it should take " + taken,
        "choose another name with --stream");
    require(
        found.getStorageType() == StorageType.File,
        name,
        "is kept in memory, where events would not outlive the servers",
        REPLACE);
    require(
        found.getRetentionPolicy() == RetentionPolicy.Limits,
        name,
        "forgets messages that were read (retention " + found.getRetentionPolicy() + ")",
        REPLACE);
    boolean forgets =
        !found.getMaxAge().isZero()
            || found.getMaxMsgs() > 0
            || found.getMaxMsgsPerSubject() > 0
            || (found.getMaxBytes() > 0 && found.getDiscardPolicy() == DiscardPolicy.Old);
    require(
        !forgets,
        name,
        "forgets messages by itself, which readers would not be told of",
        "run 'nats stream edit "
            + name
            + " --max-age=0 --max-msgs=-1 --max-msgs-per-subject=-1 --discard=new', and use"
            + " --retention-age and --retention-size");
    require(
        !found.getSealed(),
        name,
        "is sealed, so nothing can be stored in it",
        "choose another name with --stream");
    require(
        !found.getDenyDelete() && !found.getDenyPurge(),
        name,
        "does not let messages be deleted, so nothing would ever expire",
        REPLACE);
    require(
        !found.getNoAck(),
        name,
        "does not answer publishers, so no append could ever be confirmed",
        REPLACE);
    List<Source> sources = found.getSources();
    require(
        (sources == null || sources.isEmpty()) && found.getSubjectTransform() == null,
        name,
        "takes messages of other streams or renames their subjects, so others than Galerne would"
            + " write the log",
        REPLACE);
    require(
        !found.getAllowMessageCounter(), name, "keeps counters, and would refuse events", REPLACE);
    require(
        found.getPersistMode() != PersistMode.Async,
        name,
        "answers before it has stored, so a crash could take answered events away",
        REPLACE);
    require(
        found.getMaxConsumers() <= 0,
        name,
        "allows "
            + found.getMaxConsumers()
            + " consumers at the most, and each reader may need one",
        REPLACE);
    Duration kept = longestIdle(found);
    require(
        kept.compareTo(ConsumerCursor.ABANDONED) >= 0,
        name,
        "keeps consumers for %d s at the most, and readers need theirs for %d s"
            .formatted(kept.toSeconds(), ConsumerCursor.ABANDONED.toSeconds()),
        "raise the inactive_threshold of its consumer_limits, or take that limit away");
    require(
        found.getMaximumMessageSize() <= 0,
        name,
        "takes messages of " + found.getMaximumMessageSize() + " bytes at the most",
        "run 'nats stream edit " + name + " --max-msg-size=" + UNLIMITED + "'");
    config
        .replicas()
        .ifPresent(wanted ->
            require(
                found.getReplicas() == wanted,
                name,
                "has " + found.getReplicas() + " replicas and --replicas asks for " + wanted,
                "run 'nats stream edit "
                    + name
                    + " --replicas="
                    + wanted
                    + "', or start without --replicas"));
  }

  /// How long the stream lets consumers be kept that nobody asks anything of.
  private static Duration longestIdle(StreamConfiguration found) {
    ConsumerLimits limits = found.getConsumerLimits();
    Duration limit = limits == null ? null : limits.getInactiveThreshold();
    return limit == null || limit.isZero() ? ConsumerCursor.ABANDONED : limit;
  }

  /// Makes sure that these servers can be trusted with so many replicas.
  private void requireSafe(int replicas) {
    if (replicas > 1 && !cluster.isAtLeast(SAFE_REPLICAS)) {
      throw new LogOpenException(
          "NATS "
              + cluster.version()
              + " can lose events of a stream with several replicas when its leader changes: upgrade"
              + " all servers to "
              + (SAFE_REPLICAS + " or newer, or keep one copy with --replicas 1"));
    }
  }

  private static void require(boolean fits, String stream, String problem, String remedy) {
    if (!fits) {
      throw new LogOpenException("The NATS stream " + stream + " " + problem + ": " + remedy);
    }
  }

  private StreamIdentity renew(StreamConfiguration stream, StreamIdentity before) {
    StreamIdentity renewed = before.afterRestore();
    StreamConfiguration next =
        StreamConfiguration.builder(stream).description(renewed.description()).build();
    JetStreamManagement streams = cluster.streams();
    cluster.ask(() -> streams.updateStream(next));
    log.info("After a restore: the log {} is now {}", before.logId(), renewed.logId());
    return renewed;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogOpenException("Interrupted while opening the log", e);
    }
  }
}
