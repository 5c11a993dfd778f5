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

/// Encodes the payloads of events to publish, so that the official clients and a [PayloadDecoder]
/// with the same key can decode them. Immutable and thread-safe.
///
/// ```java
/// PayloadEncoder encoder =
///     PayloadEncoder.builder().compress().encrypt(System.getenv("PAYLOAD_KEY")).build();
/// Event event = encoder.encode(made);
/// ```
///
/// The order is that of the official client: encrypt marked strings, compress, encrypt the whole
/// payload. Payloads of events are never offloaded. Other parts of an event, such as a failure's
/// message or a task's id, are not encoded.
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

  /// A builder that neither compresses nor encrypts.
  public static Builder builder() {
    return new Builder();
  }

  /// Encodes the payload of an event and keeps the rest of its JSON byte for byte.
  ///
  /// @throws IllegalArgumentException if its payload cannot be encoded: see [#encode(Payload)]
  public Event encode(Event event) {
    return EventPayloads.replace(event, (attribute, payload) -> encode(payload));
  }

  /// Encodes a payload. Returns the same payload if there is nothing to do: it is too small to
  /// compress, and nothing in it is marked as secret.
  ///
  /// @throws IllegalArgumentException if the payload is already encoded, marks something other than
  ///     a string as secret, is larger than [PayloadDecoder#MAX_BYTES], or has an unknown type and
  ///     is to be encrypted
  public Payload encode(Payload payload) {
    if (payload.isEncoded()) {
      throw new IllegalArgumentException(
          "The payload is already encoded: " + payload.encodingOptions());
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

  /// Encrypts all values, because a mark may be in the surrounding document. Does not compress: the
  /// official client finds encrypted values only in an array.
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

  /// Configures an encoder; by default, it does nothing.
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

    /// Encrypts whole payloads with this AES key of 128, 192 or 256 bits, as 32, 48 or 64
    /// hexadecimal digits.
    ///
    /// @throws IllegalArgumentException if the key is invalid
    public Builder encrypt(String hex) {
      this.key = EncryptionKeys.key(hex);
      this.partially = false;
      return this;
    }

    /// Encrypts only secrets, so that the rest stays readable: in a value, the strings marked as
    /// `{"field_type": "__encrypted_str__", "data": "the secret"}` at any depth; in a JSON Patch,
    /// the value of every operation, but not the operation or the path. Patches are then not
    /// compressed.
    ///
    /// @throws IllegalArgumentException if the key is invalid
    public Builder encryptPartially(String hex) {
      this.key = EncryptionKeys.key(hex);
      this.partially = true;
      return this;
    }

    /// Compresses payloads of 1 MiB or more if that makes them smaller. Needs
    /// `com.github.luben:zstd-jni` on the class path.
    public Builder compress() {
      return compressFrom(DEFAULT_COMPRESS_FROM);
    }

    /// Compresses payloads of this size or more if that makes them smaller. Needs
    /// `com.github.luben:zstd-jni` on the class path.
    ///
    /// @param bytes the minimum size, at least 0
    public Builder compressFrom(int bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("compressFrom is at least 0, not " + bytes);
      }
      this.compressFrom = bytes;
      return this;
    }

    /// The zstd compression level, from 1 (fastest) to 22 (smallest); 3 by default.
    public Builder compressionLevel(int level) {
      if (level < 1 || level > MAX_LEVEL) {
        throw new IllegalArgumentException(
            "compressionLevel is from 1 to " + MAX_LEVEL + ", not " + level);
      }
      this.level = level;
      return this;
    }

    /// The source of nonces, for tests that need fixed ones.
    Builder random(SecureRandom random) {
      this.random = random;
      return this;
    }

    /// Builds the encoder.
    ///
    /// @throws IllegalStateException if compression is enabled but its library is not on the class
    ///     path
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
