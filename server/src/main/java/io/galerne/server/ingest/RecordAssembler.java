package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.protocol.EventTimestamp;
import io.galerne.protocol.Scope;
import io.galerne.server.fault.TooLargeException;
import io.galerne.server.ingest.CheckedEvent.Insertion;
import io.galerne.server.ingest.CheckedEvent.Text;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventRecordBuilder;
import io.galerne.server.log.Field;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Renders the stream event around a checked event (contract, section 2). Copies the event's own
/// bytes unchanged, except that it drops line breaks between tokens, which a frame cannot hold, and
/// inserts the missing members that a stream event must have.
final class RecordAssembler {
  private static final byte[] STREAM = ascii("{\"stream\":");
  private static final byte[] TIMESTAMP = ascii(",\"timestamp\":\"");
  private static final byte[] DATA = ascii("\",\"data\":");
  private static final byte[] NAMESPACE = ascii(",\"workflow_context\":{\"namespace\":");
  private static final byte[] WORKFLOW_NAME = ascii(",\"workflow_name\":");
  private static final byte[] WORKFLOW_EXEC_ID = ascii(",\"workflow_exec_id\":");
  private static final byte[] PARENT = ascii(",\"parent_workflow_exec_id\":");
  private static final byte[] ROOT = ascii(",\"root_workflow_exec_id\":");
  private static final byte[] METADATA = ascii("},\"metadata\":");
  private static final byte[] SEQUENCE = ascii(",\"broker_sequence\":");
  private static final byte[] EMPTY_OBJECT = ascii("{}");
  private static final byte[] NULL = ascii("null");
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] WORKFLOW_STREAM = ascii("workflow");
  private static final byte[] ACTIVITY_STREAM = ascii("activity");

  /// Approximate number of bytes that the stream event adds to its event.
  private static final int ENVELOPE_BYTES = 512;

  private final byte[] body;
  private final Envelope envelope;
  private final CheckedEvent event;
  private final EventRecordBuilder out;
  private int dataFrom;

  private RecordAssembler(byte[] body, Envelope envelope) {
    this.body = body;
    this.envelope = envelope;
    this.event = requireNonNull(envelope.event);
    this.out =
        new EventRecordBuilder(requireNonNull(event.type), event.to - event.from + ENVELOPE_BYTES);
  }

  /// @param envelope an event without faults, with its envelope
  static EventRecord assemble(byte[] body, Envelope envelope, String namespace, Clock clock) {
    return new RecordAssembler(body, envelope).assemble(namespace, clock);
  }

  private EventRecord assemble(String namespace, Clock clock) {
    if (!event.hasTimestamp) {
      event.timestamp = envelope.hasTimestamp ? envelope.timestamp : nanos(clock.instant());
      event.insert(event.to - 1, ",\"event_timestamp\":" + event.timestamp);
    }
    Text stream = stream();
    out.append(STREAM);
    if (stream == null) {
      string(Field.STREAM, isWorkflow() ? WORKFLOW_STREAM : ACTIVITY_STREAM);
    } else {
      string(Field.STREAM, stream);
    }
    out.append(TIMESTAMP).append(ascii(EventTimestamp.format(event.timestamp))).append(DATA);
    data();
    out.append(NAMESPACE);
    string(Field.NAMESPACE, namespace.getBytes(UTF_8)); // its characters need no escapes
    context(WORKFLOW_NAME, Field.WORKFLOW_NAME);
    context(WORKFLOW_EXEC_ID, Field.WORKFLOW_EXEC_ID);
    context(PARENT, Field.PARENT_WORKFLOW_EXEC_ID);
    context(ROOT, Field.ROOT_WORKFLOW_EXEC_ID);
    out.append(METADATA);
    metadata();
    out.append(SEQUENCE);

    int bodyLength = out.length();
    if (bodyLength > EventRecord.MOST_BODY_BYTES) {
      throw new TooLargeException(
          "A stream event of "
              + bodyLength
              + " bytes, with its ids and metadata, is over the limit of "
              + EventRecord.MOST_BODY_BYTES
              + "; keep large payloads elsewhere and publish a reference");
    }
    fromData(Field.EVENT_ID);
    fromData(Field.WORKFLOW_RUN_ID);
    fromData(Field.ACTIVITY_NAME);
    fromData(Field.ACTIVITY_ID);
    if (!isWorkflow()) {
      behindBody(Field.ACTIVITY_NAME, envelope.activityName);
      behindBody(Field.ACTIVITY_ID, envelope.activityId);
    }
    escaped(Field.STREAM, stream);
    event.texts.forEach((field, text) -> {
      if (field != Field.STREAM) {
        escaped(field, text);
      }
    });
    return out.build(bodyLength);
  }

  /// The stream named in the body: beside the event, or as its custom task's type.
  private @Nullable Text stream() {
    Text asked = envelope.stream;
    return asked == null || asked.from() == asked.to() ? event.texts.get(Field.STREAM) : asked;
  }

  private boolean isWorkflow() {
    return requireNonNull(event.type).scope() == Scope.WORKFLOW;
  }

  private void data() {
    event.insertions.sort(Comparator.comparingInt(Insertion::at));
    dataFrom = out.length();
    int from = event.from;
    for (Insertion insertion : event.insertions) {
      copy(from, insertion.at(), event.hasLineBreaks);
      out.append(insertion.bytes());
      from = insertion.at();
    }
    copy(from, event.to, event.hasLineBreaks);
    out.field(Field.DATA, dataFrom, out.length() - dataFrom);
  }

  private void metadata() {
    if (envelope.metadataFrom < 0) {
      out.append(EMPTY_OBJECT);
      return;
    }
    int from = out.length();
    copy(envelope.metadataFrom, envelope.metadataTo, envelope.metadataHasLineBreaks);
    out.field(Field.METADATA, from, out.length() - from);
  }

  /// Copies bytes of the body without line breaks, which JSON has only between tokens.
  private void copy(int from, int to, boolean hasLineBreaks) {
    int start = from;
    for (int i = from; hasLineBreaks && i < to; i++) {
      if (body[i] == '\n' || body[i] == '\r') {
        out.append(body, start, i - start);
        start = i + 1;
      }
    }
    out.append(body, start, to - start);
  }

  private void context(byte[] name, Field field) {
    out.append(name);
    Text text = event.texts.get(field);
    if (text == null) {
      out.append(NULL);
    } else {
      string(field, text);
    }
  }

  /// Writes a string as in the body; it is the field's value if it has no escapes.
  private void string(Field field, Text text) {
    int length = text.to() - text.from();
    if (text.decoded() == null) {
      out.field(field, out.length() + 1, length);
    }
    out.append(body, text.from() - 1, length + 2);
  }

  private void string(Field field, byte[] plain) {
    out.append(QUOTE).field(field, out.length(), plain.length).append(plain).append(QUOTE);
  }

  /// Points a field to its value within the event.
  private void fromData(Field field) {
    Text text = event.texts.get(field);
    if (text != null && text.decoded() == null) {
      out.field(field, inData(text.from()), text.to() - text.from());
    }
  }

  /// The output position of the body's byte at `at`.
  private int inData(int at) {
    int to = dataFrom + at - event.from;
    for (Insertion insertion : event.insertions) {
      to += insertion.at() <= at ? insertion.bytes().length : 0;
    }
    for (int i = event.from; event.hasLineBreaks && i < at; i++) {
      to -= body[i] == '\n' || body[i] == '\r' ? 1 : 0;
    }
    return to;
  }

  private void escaped(Field field, @Nullable Text text) {
    if (text != null && text.decoded() != null) {
      out.field(field, out.length(), text.decoded().length).append(text.decoded());
    }
  }

  /// Stores a value after the body if the stream event does not contain it.
  private void behindBody(Field field, @Nullable Text text) {
    if (text == null || event.texts.containsKey(field)) {
      return;
    }
    escaped(field, text);
    if (text.decoded() == null) {
      int length = text.to() - text.from();
      out.field(field, out.length(), length).append(body, text.from(), length);
    }
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
