package io.galerne.cli.events;

import io.galerne.cli.CommandFailedException;
import io.galerne.cli.StopSignal;
import io.galerne.client.Mistral;
import io.galerne.client.stream.Disconnect;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.client.stream.StreamListener;
import io.galerne.protocol.StreamEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;

/// Checks that an export continues with the log of its file: the server must still have the file's
/// last event, at the same sequence. Otherwise events would be missing silently.
///
/// It compares the event itself: a file holds nothing else, not every server sends the log's id,
/// and a restored log has a new id but the same events.
final class ResumeCheck {
  /// Longer than a server's pauses between stored events.
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(3);

  private final Path file;
  private final StreamEvent last;
  private final LogBounds bounds;
  private final ConnectionWords words;

  ResumeCheck(Path file, StreamEvent last, LogBounds bounds, ConnectionWords words) {
    this.file = file;
    this.last = last;
    this.bounds = bounds;
    this.words = words;
  }

  /// @throws CommandFailedException if it is another log, or if the file's last event has expired
  void require(Mistral mistral) {
    long sequence = last.brokerSequence();
    StreamEventsRequest lastEvent =
        StreamEventsRequest.builder()
            .startSeq(sequence)
            .workflowExecId(last.data().workflowExecId())
            .listener(withoutGaps())
            .build();
    try (EventStream stream = mistral.events().getStreamEvents(lastEvent);
        StopSignal _ = StopSignal.beforeExit(stream::close);
        QuietWatch quiet = new QuietWatch(LONGEST_SILENCE, stream::close)) {
      requireWithinBounds();
      Iterator<StreamEvent> events = stream.iterator();
      boolean found = quiet.during(events::hasNext);
      requireWithinBounds(); // the answer brought the bounds
      if (!found || !isLast(events.next())) {
        throw refused("the server does not have it");
      }
    }
  }

  /// Returns a listener without reports of gaps, which the check reports itself.
  private StreamListener withoutGaps() {
    return new StreamListener() {
      @Override
      public void onDisconnect(Disconnect disconnect) {
        words.onDisconnect(disconnect);
      }

      @Override
      public void onConnect(String url) {
        words.onConnect(url);
      }
    };
  }

  private boolean isLast(StreamEvent event) {
    return event.brokerSequence() == last.brokerSequence()
        && event.data().eventId().equals(last.data().eventId());
  }

  private void requireWithinBounds() {
    long sequence = last.brokerSequence();
    if (bounds.head().isPresent() && bounds.head().getAsLong() < sequence) {
      throw refused("the server's log ends at sequence " + bounds.head().getAsLong());
    }
    if (bounds.oldest().isPresent() && bounds.oldest().getAsLong() > sequence) {
      long oldest = bounds.oldest().getAsLong();
      throw new CommandFailedException(
          file
              + " ends with sequence "
              + sequence
              + ", but the server's oldest event is "
              + oldest
              + ", so whether it is the same log is not known. To continue there all the same, add"
              + " --start-seq "
              + oldest);
    }
  }

  private CommandFailedException refused(String why) {
    return new CommandFailedException(
        file
            + " ends with event '"
            + last.data().eventId()
            + "' at sequence "
            + last.brokerSequence()
            + ", but "
            + why
            + ": it is another log, or the key is for another namespace. Check --url and --api-key,"
            + " or export to another file");
  }
}
