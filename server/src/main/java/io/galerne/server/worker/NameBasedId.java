package io.galerne.server.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// UUIDs of version 5 (RFC 9562): the same names always give the same id, on every node.
public final class NameBasedId {
  /// Keeps these ids distinct from others derived from the same names. Never change it.
  private static final UUID GALERNE = UUID.fromString("0b7c0d3e-6a43-4c0f-9c55-2f4f5f0a7a11");

  private NameBasedId() {}

  /// The id of a workflow with this registered name.
  public static UUID ofWorkflow(String namespace, String name) {
    return of(namespace, "workflow", name);
  }

  /// The id of one definition of a workflow in a deployment.
  ///
  /// @param digest of the definition, as hexadecimal digits
  public static UUID ofRegistration(
      String namespace, String deployment, String name, String digest) {
    return of(namespace, "registration", deployment, name, digest);
  }

  /// The id of a run of an execution.
  public static UUID ofRun(String namespace, String execution, String run) {
    return of(namespace, "run", execution, run);
  }

  private static UUID of(String... names) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1"); // as version 5 prescribes
      sha1.update(bytes(GALERNE));
      for (String name : names) {
        byte[] text = name.getBytes(UTF_8);
        sha1.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
        sha1.update(text);
      }
      ByteBuffer hash = ByteBuffer.wrap(sha1.digest());
      long high = (hash.getLong() & ~0xF000L) | 0x5000L;
      long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java has SHA-1", e);
    }
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
