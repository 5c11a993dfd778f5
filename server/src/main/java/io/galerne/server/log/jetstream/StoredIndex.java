package io.galerne.server.log.jetstream;

import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.jetstream.SegmentIndex.Sealed;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PublishOptions;
import io.nats.client.PurgeOptions;
import io.nats.client.api.PublishAck;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The index as the cluster keeps it, for nodes that start: one message a segment, in a stream beside
/// the log's. Losing it costs a node that starts the time to read the log. Safe for use by several
/// threads.
final class StoredIndex {
  /// What the cluster says where another node was faster.
  static final int WRONG_LAST_SEQUENCE = 10_071;

  private static final Logger logger = LoggerFactory.getLogger(StoredIndex.class);

  private static final Duration LATE = Duration.ofSeconds(5);

  private final LogStream log;
  private final Cluster cluster;

  StoredIndex(LogStream log) {
    this.log = log;
    this.cluster = log.cluster();
  }

  /// Adds all segments to an index that follow upon each other, up to one that cannot be read.
  ///
  /// @param first the number of the first
  /// @param head the log's last sequence, beyond which there can be none
  /// @return how many there are
  long load(SegmentIndex index, long first, long head) {
    String stream = log.subjects().indexStream();
    TreeMap<Long, byte[]> found = new TreeMap<>();
    List<String> mine = List.of(log.subjects().index(log.id()));
    try (ConsumerCursor cursor = ConsumerCursor.open(cluster, stream, mine, 1)) {
      long pending = cursor.available();
      long next = first;
      while (pending > 0) {
        cursor.request(pending);
        Message message = cursor.next(LATE);
        if (message == null) {
          throw new LogUnreachableException("The NATS stream " + stream + " is not delivered");
        }
        pending--;
        String subject = message.getSubject();
        try {
          long number = Long.parseLong(subject.substring(subject.lastIndexOf('.') + 1));
          if (number >= next && Segment.last(number) <= head) {
            found.put(number, message.getData());
          }
          // most often they come in order, and need not be collected first
          for (byte[] data = found.remove(next); data != null; data = found.remove(next)) {
            index.add(next, data);
            next++;
          }
        } catch (IllegalArgumentException e) {
          logger.warn(
              "The segment at {} cannot be read, so from there on the log is: {}. To have it built"
                  + " anew, run 'nats stream purge {} --subject={}'",
              subject,
              e.getMessage(),
              stream,
              subject);
        }
      }
      return next - first;
    }
  }

  /// Keeps a segment, unless another node did.
  ///
  /// @throws LogUnreachableException where that cannot be done now
  void publish(Sealed segment) {
    String subject = log.subjects().segment(log.id(), segment.number());
    PublishOptions once = PublishOptions.builder().expectedLastSubjectSequence(0).build();
    cluster.<@Nullable PublishAck>ask(() -> {
      try {
        return cluster.messages().publish(subject, segment.data(), once);
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() == WRONG_LAST_SEQUENCE) {
          return null;
        }
        throw e;
      }
    });
  }

  /// Forgets a segment.
  void drop(long number) {
    PurgeOptions options = PurgeOptions.subject(log.subjects().segment(log.id(), number));
    cluster.ask(() -> cluster.streams().purgeStream(log.subjects().indexStream(), options));
  }
}
