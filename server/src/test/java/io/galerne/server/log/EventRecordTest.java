package io.galerne.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.protocol.EventType;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRecordTest {
  private static final String BODY = "{\"d\":{},\"n\":\"acme\",\"broker_sequence\":";

  private static EventRecord record() {
    EventRecordBuilder out = new EventRecordBuilder(EventType.ACTIVITY_TASK_FAILED, 1);
    out.append(BODY.getBytes(UTF_8));
    out.field(Field.DATA, 5, 2).field(Field.NAMESPACE, 13, 4);
    int bodyLength = out.length();
    out.field(Field.EVENT_ID, out.length(), 2).append("é".getBytes(UTF_8));
    out.field(Field.STREAM, out.length(), 0);
    return out.build(bodyLength);
  }

  /// These bytes are on disk: type, then the twelve fields, then the body's length, then the text.
  @Test
  void keepsItsFormat() {
    String table =
        "11" // ACTIVITY_TASK_FAILED
            + "0305" // data: 2 bytes from 5 on
            + "00" // no metadata
            + "050d" // namespace: 4 bytes from 13 on
            + "0325" // event_id: 2 bytes from 37 on
            + "00000000000000" // neither executions nor run, workflow or activity
            + "0127" // stream: 0 bytes from 39 on
            + "25"; // the body has 37 bytes
    assertThat(HexFormat.of().formatHex(Logs.bytes(record())))
        .isEqualTo(table + HexFormat.of().formatHex((BODY + "é").getBytes(UTF_8)));
  }

  /// The ids are on disk, too.
  @ParameterizedTest
  @EnumSource(Field.class)
  void fieldsKeepTheirIds(Field field) {
    String ids =
        "DATA=0 METADATA=1 NAMESPACE=2 EVENT_ID=3 WORKFLOW_EXEC_ID=4 ROOT_WORKFLOW_EXEC_ID=5"
            + " PARENT_WORKFLOW_EXEC_ID=6 WORKFLOW_RUN_ID=7 WORKFLOW_NAME=8 ACTIVITY_NAME=9"
            + " ACTIVITY_ID=10 STREAM=11 EVENT_TYPE=12";
    assertThat(ids.split(" ")).contains(field + "=" + field.id()).hasSize(Field.values().length);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        -1_000_000_001,
        951_782_400_000_000_000L, // 29 February
        1_774_864_800_037_001_003L,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void readsTheTimestamp(long nanos) {
    EventRecord event =
        SampleEvent.any().with("event_timestamp", Long.toString(nanos)).record("acme");
    assertThat(event.timestampNanos()).isEqualTo(nanos);
  }

  @Test
  void readsItsFieldsAtAnyOffset() {
    byte[] bytes = Logs.bytes(record());
    byte[] around = new byte[bytes.length + 20];
    Arrays.fill(around, (byte) -1);
    System.arraycopy(bytes, 0, around, 7, bytes.length);
    EventRecord record = new EventRecord(around, 7, bytes.length);

    assertThat(record.type()).isEqualTo(EventType.ACTIVITY_TASK_FAILED);
    assertThat(record.text(Field.DATA)).isEqualTo("{}");
    assertThat(record.text(Field.NAMESPACE)).isEqualTo("acme");
    assertThat(record.text(Field.EVENT_ID)).isEqualTo("é");
    assertThat(record.text(Field.STREAM)).isEmpty();
    assertThat(record.has(Field.STREAM)).isTrue();
    assertThat(record.text(Field.METADATA)).isNull();
    assertThat(record.has(Field.METADATA)).isFalse();
    assertThat(record.length(Field.METADATA)).isEqualTo(-1);
    assertThat(new String(around, record.bodyOffset(), record.bodyLength(), UTF_8)).isEqualTo(BODY);
    assertThat(record.start()).isEqualTo(7);
    assertThat(record.length()).isEqualTo(bytes.length);
  }

  @Test
  void comparesAValueExactly() {
    EventRecord record = record();
    assertThat(record.is(Field.NAMESPACE, "acme".getBytes(UTF_8))).isTrue();
    assertThat(record.is(Field.NAMESPACE, "acm".getBytes(UTF_8))).isFalse();
    assertThat(record.is(Field.NAMESPACE, "acmes".getBytes(UTF_8))).isFalse();
    assertThat(record.is(Field.NAMESPACE, "Acme".getBytes(UTF_8))).isFalse();
    assertThat(record.is(Field.STREAM, new byte[0])).isTrue();
    assertThat(record.is(Field.METADATA, new byte[0])).isFalse();
  }

  @Test
  void refusesARecordTruncatedAnywhere() {
    byte[] bytes = Logs.bytes(record());
    int textFrom = bytes.length - (BODY + "é").getBytes(UTF_8).length;
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> new EventRecord(cut, 0, cut.length))
          .as("cut at %s of %s, text from %s", length, bytes.length, textFrom)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesDamagedBytesOrStaysWithinThem() {
    long seed = System.nanoTime();
    System.out.println("EventRecordTest seed " + seed);
    Random random = new Random(seed);
    byte[] good = Logs.bytes(SampleEvent.any().metadata("{\"a\":1}").record());
    for (int i = 0; i < 5000; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bad[random.nextInt(60)] ^= (byte) (1 << random.nextInt(8));
      }
      EventRecord record;
      try {
        record = new EventRecord(bad, 0, bad.length);
      } catch (IllegalArgumentException e) {
        continue;
      }
      for (Field field : Field.values()) {
        if (field != Field.EVENT_TYPE && record.has(field)) {
          assertThat(record.offset(field) + record.length(field))
              .as("%s, seed %s, round %s", field, seed, i)
              .isBetween(0, bad.length);
        }
      }
      assertThat(record.bodyOffset() + record.bodyLength()).isBetween(0, bad.length);
    }
  }
}
