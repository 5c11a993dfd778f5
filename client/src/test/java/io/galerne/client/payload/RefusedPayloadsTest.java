package io.galerne.client.payload;

import static io.galerne.client.payload.PayloadVector.MAIN;
import static io.galerne.client.payload.PayloadVector.SECONDARY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;
import io.galerne.client.error.DecodingException;
import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.EventHeader;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPatchPayload;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Payloads that cannot be decoded, with the messages.
class RefusedPayloadsTest {
  private static final String PLAIN = "{\"password\": \"hunter2\"}";
  private static final EventHeader HEADER =
      EventHeader.builder()
          .eventId("e-1")
          .workflowExecId("run-1")
          .workflowRunId("1")
          .workflowName("review")
          .build();

  private final PayloadDecoder decoder =
      PayloadDecoder.builder()
          .key(MAIN)
          .store(key -> {
            throw new IOException("the bucket is closed");
          })
          .build();

  private static Payload payload(byte[] bytes, String... options) {
    Json base64 = Json.ofValue(Base64.getEncoder().encodeToString(bytes));
    return new JsonPayload(base64, List.of(options));
  }

  private static byte[] encrypted(String hex, String plain) {
    EncryptionKeys keys = new EncryptionKeys(EncryptionKeys.key(hex), null);
    return keys.encrypt(plain.getBytes(UTF_8), new SecureRandom());
  }

  private static byte[] compressed(byte[] bytes) {
    return CompressedEnvelope.write(ZstdCompression.compress(bytes, 3), 3);
  }

  private void assertRefused(Payload payload, String why) {
    assertRefused(decoder, payload, why);
  }

  private static void assertRefused(PayloadDecoder decoder, Payload payload, String why) {
    assertThatExceptionOfType(DecodingException.class)
        .isThrownBy(() -> decoder.decode(payload))
        .withMessage("A payload cannot be decoded: %s", why)
        .satisfies(RefusedPayloadsTest::assertShowsNoSecret);
    assertThatExceptionOfType(DecodingException.class)
        .isThrownBy(() ->
            decoder.decode(
                CustomTaskInProgress.builder()
                    .header(HEADER)
                    .customTaskId("task")
                    .customTaskType("progress")
                    .payload(payload)
                    .build()))
        .withMessage(
            "The payload of the event e-1 (CUSTOM_TASK_IN_PROGRESS of run-1) cannot be decoded: %s",
            why)
        .satisfies(RefusedPayloadsTest::assertShowsNoSecret);
  }

  private static void assertShowsNoSecret(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("hunter2", "password", MAIN, SECONDARY);
  }

  @Test
  void refusesAnotherKey() {
    Payload payload = payload(encrypted(SECONDARY, PLAIN), "encrypted");
    String advice =
        ", or it was damaged; configure the key that it was encrypted with, while keys are rotated"
            + " as the secondary key";
    assertRefused(payload, "the key does not fit" + advice);
    assertRefused(
        PayloadDecoder.builder().key(MAIN).secondaryKey("00".repeat(16)).build(),
        payload,
        "neither the key nor the secondary key fits" + advice);
  }

  @Test
  void refusesPayloadsThatNeedMissingConfiguration() {
    PayloadDecoder bare = PayloadDecoder.builder().build();
    String noKey = "it is encrypted, and no key is configured; set PayloadDecoder's key";
    byte[] bytes = encrypted(MAIN, PLAIN);
    assertRefused(bare, payload(bytes, "encrypted"), noKey);
    assertRefused(bare, PayloadVector.official("partial/arrays").payload(), noKey);
    assertRefused(bare, PayloadVector.official("patch/values").payload(), noKey);
    assertRefused(
        bare,
        payload("{\"key\":\"a\"}".getBytes(UTF_8), "offloaded"),
        "it is offloaded, and no store is configured; set PayloadDecoder's store");
  }

  @Test
  void refusesPayloadsWhoseStoreFails() {
    Payload payload = payload("{\"key\":\"temporal-payload/a\"}".getBytes(UTF_8), "offloaded");
    assertRefused(
        payload,
        "the stored payload \"temporal-payload/a\" cannot be fetched: the bucket is closed");
    assertThatExceptionOfType(DecodingException.class)
        .isThrownBy(() -> decoder.decode(payload))
        .withCauseExactlyInstanceOf(IOException.class);
    assertRefused(
        PayloadDecoder.builder().store(key -> new byte[PayloadDecoder.MAX_BYTES + 1]).build(),
        payload,
        "the stored payload \"temporal-payload/a\" has more than 67108864 bytes");
    assertRefused(
        payload("{\"key\":1}".getBytes(UTF_8), "offloaded"),
        "it is offloaded, but does not name a key");
  }

  @Test
  void refusesTruncatedOrDamagedPayloads() {
    byte[] bytes = encrypted(MAIN, PLAIN);
    for (int at = 0; at < bytes.length; at++) {
      assertUndecodable(payload(Arrays.copyOf(bytes, at), "encrypted"));
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      assertUndecodable(payload(damaged, "encrypted"));
    }
    byte[] envelope = compressed(PLAIN.repeat(50).getBytes(UTF_8));
    for (int at = 0; at < envelope.length; at++) {
      assertUndecodable(payload(Arrays.copyOf(envelope, at), "compressed"));
    }
  }

  private void assertUndecodable(Payload payload) {
    assertThatExceptionOfType(DecodingException.class)
        .isThrownBy(() -> decoder.decode(payload))
        .satisfies(RefusedPayloadsTest::assertShowsNoSecret);
  }

  @Test
  void refusesRandomBytes() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] envelope = compressed(PLAIN.repeat(50).getBytes(UTF_8));
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = random.nextBoolean() ? new byte[random.nextInt(40)] : envelope.clone();
      if (bytes.length == envelope.length) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      } else {
        random.nextBytes(bytes);
      }
      try {
        decoder.decode(payload(bytes, "compressed"));
      } catch (DecodingException e) {
        assertShowsNoSecret(e);
      }
    }
  }

  @Test
  void refusesUnknownOrTooManyOptions() {
    byte[] bytes = encrypted(MAIN, PLAIN);
    assertRefused(
        payload(bytes, "rot13\n", "encrypted"),
        "its encoding option \"rot13\\n\" is not known; use a newer client");
    assertRefused(
        new JsonPatchPayload(Json.of("[]"), List.of("encrypted-partial", "new")),
        "its encoding option \"new\" is not known; use a newer client");
    String[] often = Collections.nCopies(9, "compressed").toArray(String[]::new);
    assertRefused(payload(bytes, often), "it has more than 8 encoding options");
  }

  @Test
  void refusesValuesThatAreNotBase64() {
    assertRefused(
        new JsonPayload(Json.of("\"not base64!\""), List.of("encrypted")),
        "it is not base64, or was cut");
    for (String value : List.of("{\"a\":1}", "[]", "1", "null")) {
      assertRefused(
          new JsonPayload(Json.of(value), List.of("encrypted-partial", "compressed")),
          "its value is not a base64 string, which its encoding options require");
    }
    Json long64 = Json.ofValue("A".repeat(PayloadDecoder.MAX_BYTES / 3 * 4 + 8));
    assertThatExceptionOfType(DecodingException.class)
        .isThrownBy(() -> decoder.decode(new JsonPayload(long64, List.of("encrypted"))))
        .withMessage("A payload cannot be decoded: it has more than 67108864 bytes");
  }

  @Test
  void refusesPayloadsThatDoNotDecodeToJson() {
    String noJson = "the decoded value is not JSON, or is nested too deeply";
    for (String plain : List.of("", "hunter2", PLAIN + "x", "{\"password\":hunter2}", "NaN")) {
      assertRefused(payload(encrypted(MAIN, plain), "encrypted"), noJson);
    }
    assertRefused(
        payload(encrypted(MAIN, "[".repeat(1_000) + "]".repeat(1_000)), "encrypted"), noJson);
    byte[] notText = compressed(new byte[] {'"', (byte) 0xff, '"'});
    assertRefused(payload(notText, "compressed"), "the decoded value is not UTF-8");
    Payload json = payload(encrypted(MAIN, PLAIN), "encrypted");
    assertRefused(
        new JsonPatchPayload(EventPayloads.value(json), json.encodingOptions()),
        "it is a JSON Patch, but does not decode to an array of operations");
  }

  @Test
  void refusesToNestAnEventTooDeeply() {
    Payload deep = payload(encrypted(MAIN, "[".repeat(499) + "]".repeat(499)), "encrypted");
    assertThat(decoder.decode(deep).isEncoded()).isFalse();
    assertThatExceptionOfType(DecodingException.class)
        .isThrownBy(() ->
            decoder.decode(
                CustomTaskInProgress.builder()
                    .header(HEADER)
                    .customTaskId("task")
                    .customTaskType("progress")
                    .payload(deep)
                    .build()))
        .withMessageEndingWith("the event would be nested too deeply with it")
        .withNoCause();
  }

  @Test
  void refusesMarkedNonStrings() {
    Json marked = Json.of("[{\"field_type\":\"__encrypted_str__\",\"data\":{\"password\":1}}]");
    assertRefused(
        new JsonPayload(marked, List.of("encrypted-partial")),
        "an object is marked as __encrypted_str__, but has no string of data");
    Json wrapped =
        Json.of("[{\"op\":\"add\",\"path\":\"/a\",\"value\":{\"type\":\"__encrypted__\"}}]");
    assertRefused(
        new JsonPatchPayload(wrapped, List.of("encrypted-partial")),
        "an operation's value of type __encrypted__ has no string in it");
  }

  @Test
  void refusesPayloadsThatDecompressBeyondTheLimit() {
    byte[] bomb = compressed(new byte[PayloadDecoder.MAX_BYTES + 1]);
    assertThat(bomb).hasSizeLessThan(10_000);
    assertRefused(payload(bomb, "compressed"), "it decompresses to more than 67108864 bytes");
  }

  @Test
  void refusesAnotherMessagePackEnvelope() throws Exception {
    byte[] zstd = Zstd.compress(PLAIN.getBytes(UTF_8));
    assertThat(decoder.decode(payload(envelope("zstd", zstd), "compressed")))
        .isEqualTo(new JsonPayload(Json.of(PLAIN)));
    assertRefused(
        payload(envelope("lzma", zstd), "compressed"),
        "it was compressed by an algorithm other than zstd");
    assertRefused(
        payload(new byte[] {(byte) 0x80}, "compressed"),
        "the compressed envelope lacks its algorithm or its payload");
    assertRefused(
        payload(new byte[] {(byte) 0x93}, "compressed"),
        "the compressed envelope is not the expected MessagePack: a map is missing at 0x93");
    assertRefused(
        payload(new byte[] {(byte) 0x81, (byte) 0xa1, 'x', (byte) 0xc1}, "compressed"),
        "the compressed envelope is not the expected MessagePack: a value is missing at 0xc1");
  }

  /// An envelope with additional unknown members of every kind of value.
  private static byte[] envelope(String algorithm, byte[] zstd) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int[] others = {
      0x98, 0xc0, 0xc2, 0xcd, 1, 2, 0xcb, 0, 0, 0, 0, 0, 0, 0, 0, 0xd9, 1, 'x', 0xdc, 0, 1, 0xff,
      0xde, 0, 1, 0x01, 0xc4, 1, 0, 0x82, 1, 2, 3, 0x91, 0xa0
    };
    out.write(new byte[] {(byte) 0xde, 0, 3, (byte) 0xd9, 5});
    out.write("other".getBytes(UTF_8));
    for (int other : others) {
      out.write(other);
    }
    out.write((byte) 0xda);
    out.write(new byte[] {0, 7});
    out.write("payload".getBytes(UTF_8));
    out.write(new byte[] {(byte) 0xc6, 0, 0, 0, (byte) zstd.length});
    out.write(zstd);
    out.write((byte) 0xab);
    out.write("compression".getBytes(UTF_8));
    out.write(new byte[] {(byte) 0x82, (byte) 0xa1, 'w', (byte) 0xce, 0, 0, 0, 9, (byte) 0xa9});
    out.write("algorithm".getBytes(UTF_8));
    out.write((byte) 0xa4);
    out.write(algorithm.getBytes(UTF_8));
    return out.toByteArray();
  }
}
