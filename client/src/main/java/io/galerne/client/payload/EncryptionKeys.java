package io.galerne.client.payload;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// AES-GCM in the wire format: 12 bytes of nonce, the ciphertext, 16 bytes of tag. Immutable.
final class EncryptionKeys {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final SecretKey main;
  private final @Nullable SecretKey secondary;

  EncryptionKeys(SecretKey main, @Nullable SecretKey secondary) {
    this.main = main;
    this.secondary = secondary;
  }

  /// Parses a key of 128, 192 or 256 bits.
  ///
  /// @throws IllegalArgumentException if the key is invalid; the message does not show it
  static SecretKey key(String hex) {
    if (hex.length() != 32 && hex.length() != 48 && hex.length() != 64) {
      throw new IllegalArgumentException(
          "A key has 32, 48 or 64 hexadecimal digits, this one has "
              + hex.length()
              + " characters");
    }
    if (!hex.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException("A key has hexadecimal digits only");
    }
    return new SecretKeySpec(HexFormat.of().parseHex(hex), "AES");
  }

  byte[] encrypt(byte[] plain, SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, main, new GCMParameterSpec(TAG_BYTES * 8, nonce));
      byte[] encrypted = new byte[NONCE_BYTES + cipher.getOutputSize(plain.length)];
      System.arraycopy(nonce, 0, encrypted, 0, NONCE_BYTES);
      cipher.doFinal(plain, 0, plain.length, encrypted, NONCE_BYTES);
      return encrypted;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot encrypt with " + CIPHER, e);
    }
  }

  byte[] decrypt(byte[] encrypted) throws PayloadFault {
    if (encrypted.length < NONCE_BYTES + TAG_BYTES) {
      throw new PayloadFault(
          "the ciphertext is truncated: %d bytes are less than nonce and tag"
              .formatted(encrypted.length));
    }
    byte[] plain = decrypt(encrypted, main);
    if (plain == null && secondary != null) {
      plain = decrypt(encrypted, secondary);
    }
    if (plain == null) {
      throw new PayloadFault(
          (secondary == null
                  ? "the key does not fit"
                  : "neither the key nor the secondary key fits")
              + ", or it was damaged; configure the key that it was encrypted with, while keys are"
              + " rotated as the secondary key");
    }
    return plain;
  }

  private static byte @Nullable [] decrypt(byte[] encrypted, SecretKey key) throws PayloadFault {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      GCMParameterSpec nonce = new GCMParameterSpec(TAG_BYTES * 8, encrypted, 0, NONCE_BYTES);
      cipher.init(Cipher.DECRYPT_MODE, key, nonce);
      return cipher.doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES);
    } catch (AEADBadTagException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new PayloadFault("this Java cannot decrypt with " + CIPHER, e);
    }
  }
}
