package io.galerne.server.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Issues and checks the tokens of the v2 route (contract, section 3). A token carries its expiry
/// and two HMACs over the expiry, the namespace, the execution and the run. The key of the first is
/// the same for every log; that of the second is derived from the log's id. So every node that
/// shares the log accepts the others' tokens, also after a restart, and nothing is stored.
///
/// A token is not a credential: the API key is checked with every request. It prevents publishing
/// events of one run under another by mistake.
///
/// The first HMAC identifies a token for this run on any log. So a token from before a restore,
/// which changes the log's id, counts as expired: the worker requests a new one and resends its
/// events, whereas it would drop them if the token were invalid. Forging the first HMAC is useless:
/// such a token also counts as expired.
///
/// Layout, before base64url: version (1 byte), expiry in Unix seconds (8 bytes), HMAC-SHA256 for
/// any log (32 bytes), HMAC-SHA256 for this log (32 bytes). The first covers the second.
/// Thread-safe.
public final class RouteTokens {
  /// How long a token is valid. The worker requests a new one 5 s before expiry.
  public static final Duration LIFETIME = Duration.ofHours(1);

  private static final String MAC = "HmacSHA256";
  private static final String ANY_LOG = "";
  private static final byte VERSION = 2;
  private static final int MAC_BYTES = 32;
  private static final int HEAD_BYTES = 1 + Long.BYTES;
  private static final int TOKEN_BYTES = HEAD_BYTES + 2 * MAC_BYTES;

  private final Supplier<String> logId;
  private final Clock clock;

  /// The result of a check.
  public enum Verdict {
    VALID,
    /// Expired, or issued for this run on another log.
    EXPIRED,
    /// Not a token, or one of another namespace, execution or run.
    INVALID
  }

  /// @param logId the id of the log that stores the events
  public RouteTokens(Supplier<String> logId, Clock clock) {
    this.logId = logId;
    this.clock = clock;
  }

  /// Issues a token for the events of a run.
  public String issue(String namespace, String execution, String run) {
    byte[] head = head(clock.instant().plus(LIFETIME).getEpochSecond());
    byte[] ofLog = mac(logId.get(), head, namespace, execution, run);
    byte[] ofAnyLog = mac(ANY_LOG, concat(head, ofLog), namespace, execution, run);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(concat(head, concat(ofAnyLog, ofLog)));
  }

  /// Checks a token for the events of a run.
  ///
  /// @param token as sent; null if missing
  public Verdict check(@Nullable String token, String namespace, String execution, String run) {
    byte[] bytes = decode(token);
    if (bytes.length != TOKEN_BYTES || bytes[0] != VERSION) {
      return Verdict.INVALID;
    }
    byte[] head = Arrays.copyOf(bytes, HEAD_BYTES);
    byte[] ofAnyLog = Arrays.copyOfRange(bytes, HEAD_BYTES, HEAD_BYTES + MAC_BYTES);
    byte[] ofLog = Arrays.copyOfRange(bytes, HEAD_BYTES + MAC_BYTES, TOKEN_BYTES);
    byte[] expected = mac(ANY_LOG, concat(head, ofLog), namespace, execution, run);
    if (!MessageDigest.isEqual(ofAnyLog, expected)) {
      return Verdict.INVALID;
    }
    boolean isOfThisLog =
        MessageDigest.isEqual(ofLog, mac(logId.get(), head, namespace, execution, run));
    long end = ByteBuffer.wrap(head, 1, Long.BYTES).getLong();
    return isOfThisLog && clock.instant().getEpochSecond() < end ? Verdict.VALID : Verdict.EXPIRED;
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static byte[] decode(@Nullable String token) {
    try {
      return token == null ? new byte[0] : Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static byte[] head(long endSeconds) {
    return ByteBuffer.allocate(HEAD_BYTES).put(VERSION).putLong(endSeconds).array();
  }

  private static byte[] mac(String logId, byte[] content, String... names) {
    try {
      Mac mac = Mac.getInstance(MAC);
      byte[] key = ("galerne event route token " + logId).getBytes(UTF_8);
      mac.init(new SecretKeySpec(key, MAC));
      mac.update(content);
      for (String name : names) {
        byte[] text = name.getBytes(UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
        mac.update(text);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Every Java has " + MAC, e);
    }
  }
}
