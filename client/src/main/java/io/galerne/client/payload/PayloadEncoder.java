package io.galerne.client.payload;

import static io.galerne.client.payload.EncodingOption.COMPRESSED;
import static io.galerne.client.payload.EncodingOption.ENCRYPTED;
import static io.galerne.client.payload.EncodingOption.ENCRYPTED_PARTIAL;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPatchPayload;
import io.galerne.protocol.Payload;
import io.galerne.protocol.UnknownPayload;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// Encodes the payloads of events that are published, so that the official clients and a
/// [PayloadDecoder] with the same key decode them. Immutable, and may be used by any number of
/// threads.
///
/// ```java
/// PayloadEncoder encoder =
///     PayloadEncoder.builder().compress().encrypt(System.getenv("PAYLOAD_KEY")).build();
/// Event event = encoder.encode(made);
/// ```
///
/// The order is that of the official client: marked strings are encrypted, then all is compressed,
/// then all is encrypted. Payloads of events are never offloaded. What else an event has, such as a
/// failure's message or a task's id, is not encoded.
public final class PayloadEncoder {
  private final @Nullable EncryptionKeys keys;
  private final boolean partially;
  private final int compressFrom;
  private final int level;
  private final SecureRandom random;

  private PayloadEncoder(Builder builder) {
    this.keys = builder.key == null ? null : new EncryptionKeys(builder.key, null);
    this.partially = builder.partially;
    this.compressFrom = builder.compressFrom;
    this.level = builder.level;
    this.random = builder.random;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// The event with its payload encoded, and everything else in its JSON as it was, to the byte.
  ///
  /// @throws IllegalArgumentException where its payload cannot be encoded, as [#encode(Payload)] says
  public Event encode(Event event) {
    return EventPayloads.replace(event, (attribute, payload) -> encode(payload));
  }

  /// The payload encoded; the same, where there is nothing to do: where it is too small to be
  /// compressed, and nothing in it is marked as secret.
  ///
  /// @throws IllegalArgumentException where it is encoded already, marks something as secret that is
  ///     no string, is larger than [PayloadDecoder#MAX_BYTES], or is to be encrypted, but of a type
  ///     that is not known
  public Payload encode(Payload payload) {
    if (payload.isEncoded()) {
      throw new IllegalArgumentException(
          "The payload is encoded already: " + payload.encodingOptions());
    } else if (payload instanceof UnknownPayload) {
      if (keys != null) {
        throw new IllegalArgumentException(
            "A payload of the type "
                + payload.type()
                + " cannot be encrypted: the type is not known");
      }
      return payload;
    }
    Json value = EventPayloads.value(payload);
    if (!partially) {
      return whole(payload, value, new ArrayList<>());
    } else if (payload instanceof JsonPatchPayload && EventPayloads.isArray(value)) {
      return withValuesEncrypted(payload, value);
    }
    return withMarkedStringsEncrypted(payload, value);
  }

  /// All values: a mark may stand in the document around them. Not compressed: the official client
  /// looks for encrypted values in an array only.
  private Payload withValuesEncrypted(Payload patch, Json value) {
    Json wrapped = PatchValues.wrap(value, each -> encrypted(each.text()));
    return wrapped.equals(value)
        ? patch
        : EventPayloads.with(patch, wrapped, List.of(ENCRYPTED_PARTIAL));
  }

  private Payload withMarkedStringsEncrypted(Payload payload, Json value) {
    List<String> options = new ArrayList<>();
    try {
      Json marked = MarkedStrings.replace(value, this::encrypted);
      if (!marked.equals(value)) {
        options.add(ENCRYPTED_PARTIAL);
      }
      return whole(payload, marked, options);
    } catch (MarkedStrings.MarkWithoutData e) {
      throw new IllegalArgumentException("The payload cannot be encrypted: " + e.getMessage(), e);
    }
  }

  private Payload whole(Payload payload, Json value, List<String> options) {
    byte[] bytes = Utf8.bytes(value.text());
    if (bytes.length > PayloadDecoder.MAX_BYTES) {
      throw new IllegalArgumentException(
          "The payload has %d bytes, more than %d"
              .formatted(bytes.length, PayloadDecoder.MAX_BYTES));
    }
    if (bytes.length >= compressFrom) {
      byte[] compressed = ZstdCompression.compress(bytes, level);
      if (compressed.length < bytes.length) {
        bytes = CompressedEnvelope.write(compressed, level);
        options.add(COMPRESSED);
      }
    }
    if (keys != null && !partially) {
      bytes = keys.encrypt(bytes, random);
      options.add(ENCRYPTED);
    }
    if (options.isEmpty()) {
      return payload;
    }
    Json base64 = Json.ofValue(Base64.getEncoder().encodeToString(bytes));
    return EventPayloads.with(payload, base64, options);
  }

  private String encrypted(String text) {
    if (keys == null) {
      throw new AssertionError("encrypts partially without a key");
    }
    return Base64.getEncoder().encodeToString(keys.encrypt(Utf8.bytes(text), random));
  }

  /// Says what is done to payloads: by default, nothing.
  public static final class Builder {
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int DEFAULT_COMPRESS_FROM = 1024 * 1024;
    private static final int DEFAULT_LEVEL = 3;
    private static final int MAX_LEVEL = 22;

    private @Nullable SecretKey key;
    private boolean partially;
    private int compressFrom = NEVER;
    private int level = DEFAULT_LEVEL;
    private SecureRandom random = new SecureRandom();

    private Builder() {}

    /// Encrypts every payload as a whole with this key: AES of 128, 192 or 256 bits, as 32, 48 or 64
    /// hexadecimal digits.
    ///
    /// @throws IllegalArgumentException where it is none
    public Builder encrypt(String hex) {
      this.key = EncryptionKeys.key(hex);
      this.partially = false;
      return this;
    }

    /// Encrypts only what is secret, so that the rest stays readable: of a value, the strings that
    /// are marked, as `{"field_type": "__encrypted_str__", "data": "the secret"}`, at any depth; of
    /// a JSON Patch, the value of every operation, but neither operation nor path. A patch is then
    /// not compressed.
    ///
    /// @throws IllegalArgumentException where the key is none
    public Builder encryptPartially(String hex) {
      this.key = EncryptionKeys.key(hex);
      this.partially = true;
      return this;
    }

    /// Compresses payloads of 1 MiB or more that become smaller by it. Needs
    /// `com.github.luben:zstd-jni` on the class path.
    public Builder compress() {
      return compressFrom(DEFAULT_COMPRESS_FROM);
    }

    /// Compresses payloads of at least so many bytes that become smaller by it. Needs
    /// `com.github.luben:zstd-jni` on the class path.
    ///
    /// @param bytes at least 0
    public Builder compressFrom(int bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("compressFrom is at least 0, not " + bytes);
      }
      this.compressFrom = bytes;
      return this;
    }

    /// How much zstd tries, from 1 (fast) to 22 (small); by default 3.
    public Builder compressionLevel(int level) {
      if (level < 1 || level > MAX_LEVEL) {
        throw new IllegalArgumentException(
            "compressionLevel is from 1 to " + MAX_LEVEL + ", not " + level);
      }
      this.level = level;
      return this;
    }

    /// Where nonces come from, for tests that want the same every time.
    Builder random(SecureRandom random) {
      this.random = random;
      return this;
    }

    /// The encoder.
    ///
    /// @throws IllegalStateException where payloads are to be compressed, and the library for it is
    ///     not on the class path
    public PayloadEncoder build() {
      if (compressFrom != NEVER) {
        try {
          ZstdCompression.compress(new byte[0], level);
        } catch (LinkageError e) {
          throw new IllegalStateException(
              "Payloads cannot be compressed: " + ZstdCompression.HOW_TO_HAVE_IT, e);
        }
      }
      return new PayloadEncoder(this);
    }
  }
}
