package io.galerne.server.log.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.protocol.EventType;
import io.galerne.server.Seed;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventRecordBuilder;
import io.galerne.server.log.Field;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredMessageTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final long MILLIS = 1_774_864_800_037L;
  private static final IdHash ID = new IdHash(0x0102030405060708L, 0xf1f2f3f4f5f6f7f8L);

  private static EventRecord event() {
    EventRecordBuilder event = new EventRecordBuilder(EventType.WORKFLOW_EXECUTION_CANCELED, 8);
    event.append("acme".getBytes(UTF_8)).field(Field.NAMESPACE, 0, 4);
    return event.build(4);
  }

  /// These bytes are in streams that are there already.
  @Test
  void keepsItsFormat() {
    EventRecord event = event();
    String whole = HEX.formatHex(Logs.bytes(event));
    byte[] single = StoredMessage.write(event, ID, 0, event.length(), MILLIS, 0, 1);
    assertThat(HEX.formatHex(single))
        .isEqualTo("01" + "00" + MILLIS_HEX + "00" + "01" + ID_HEX + whole);
    byte[] first = StoredMessage.write(event, ID, 0, 5, MILLIS, 0, 300);
    assertThat(HEX.formatHex(first))
        .isEqualTo("01" + "02" + MILLIS_HEX + "00" + "ac02" + ID_HEX + whole.substring(0, 10));
    byte[] middle = StoredMessage.write(event, ID, 5, 7, MILLIS, 127, 300);
    assertThat(HEX.formatHex(middle))
        .isEqualTo("01" + "03" + MILLIS_HEX + "7f" + "ac02" + whole.substring(10, 14));
    byte[] last = StoredMessage.write(event, ID, 7, event.length(), MILLIS, 128, 300);
    assertThat(HEX.formatHex(last))
        .isEqualTo("01" + "01" + MILLIS_HEX + "8001" + "ac02" + whole.substring(14));
  }

  private static final String MILLIS_HEX = "a5b2bef1d333";
  private static final String ID_HEX = "0102030405060708f1f2f3f4f5f6f7f8";

  @Test
  void readsWhatWasWrittenWhereverTheEventStood() {
    Random random = Seed.random("readsWhatWasWrittenWhereverTheEventStood");
    RandomEvents events = new RandomEvents(random.nextLong());
    for (int i = 0; i < 500; i++) {
      byte[] bytes = Logs.bytes(events.next().record("acme"));
      byte[] around = new byte[bytes.length + 20];
      System.arraycopy(bytes, 0, around, 11, bytes.length);
      EventRecord event = new EventRecord(around, 11, bytes.length);
      IdHash id = new IdHash(random.nextLong(), random.nextLong());
      long millis = random.nextLong() >>> random.nextInt(1, 64);
      int count = 1 + (random.nextInt() >>> random.nextInt(2, 32));
      int place = random.nextInt(count);
      ByteArrayOutputStream parts = new ByteArrayOutputStream();
      for (int from = 0; from < bytes.length; ) {
        int to = random.nextInt(3) == 0 ? bytes.length : random.nextInt(from, bytes.length) + 1;
        StoredMessage read =
            StoredMessage.read(StoredMessage.write(event, id, from, to, millis, place, count));
        assertThat(read.continues()).isEqualTo(from > 0);
        assertThat(read.continued()).isEqualTo(to < bytes.length);
        assertThat(read.millis()).isEqualTo(millis);
        assertThat(read.place()).isEqualTo(place);
        assertThat(read.count()).isEqualTo(count);
        assertThat(read.id()).isEqualTo(from > 0 ? new IdHash(0, 0) : id);
        assertThat(read.eventLength()).isEqualTo(to - from);
        parts.write(read.data(), read.eventOffset(), read.eventLength());
        from = to;
      }
      assertThat(parts.toByteArray()).isEqualTo(bytes);
    }
  }

  @Test
  void hasRoomForTheLargestNumbers() {
    EventRecord event = event();
    byte[] data =
        StoredMessage.write(
            event, ID, 0, event.length(), Long.MAX_VALUE, Integer.MAX_VALUE - 1, Integer.MAX_VALUE);
    assertThat(data.length - event.length()).isLessThanOrEqualTo(StoredMessage.MOST_HEAD_BYTES);
    assertThat(StoredMessage.read(data).place()).isEqualTo(Integer.MAX_VALUE - 1);
  }

  @Test
  void refusesBytesThatEndBeforeTheEventBegins() {
    EventRecord event = event();
    byte[] data = StoredMessage.write(event, ID, 0, event.length(), MILLIS, 128, 300);
    int head = data.length - event.length();
    for (int length = 0; length < head; length++) {
      byte[] cut = Arrays.copyOf(data, length);
      assertThatThrownBy(() -> StoredMessage.read(cut))
          .as("cut at %s of %s", length, head)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(StoredMessage.read(Arrays.copyOf(data, head)).eventLength()).isZero();
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 2, 127, -1})
  void refusesOtherVersions(byte version) {
    EventRecord event = event();
    byte[] data = StoredMessage.write(event, ID, 0, event.length(), MILLIS, 0, 1);
    data[0] = version;
    assertThatThrownBy(() -> StoredMessage.read(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 1");
  }

  /// What such bytes are taken for would reach over messages that have nothing to do with them.
  @Test
  void refusesAPlaceOutsideOfItsBatch() {
    EventRecord event = event();
    for (int[] wrong : new int[][] {{1, 1}, {0, 0}, {5, 3}, {-1, 1}, {-1, -1}, {0, -1}}) {
      byte[] data = StoredMessage.write(event, ID, 0, event.length(), MILLIS, wrong[0], wrong[1]);
      assertThatThrownBy(() -> StoredMessage.read(data))
          .as("place %s of %s", wrong[0], wrong[1])
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
