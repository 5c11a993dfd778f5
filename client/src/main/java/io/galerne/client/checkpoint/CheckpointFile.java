package io.galerne.client.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.galerne.client.error.CheckpointException;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A checkpoint file: one line of JSON.
///
/// ```json
/// {"format":"galerne-checkpoint-1","consumer":"billing","log_id":"…","sequence":42}
/// ```
final class CheckpointFile {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");
  private static final String FORMAT = "galerne-checkpoint-1";

  /// A checkpoint needs a few hundred bytes; anything larger is not one.
  private static final int MAX_BYTES = 64 * 1024;

  private final Path path;
  private final String consumer;

  CheckpointFile(Path path, String consumer) {
    this.path = path;
    this.consumer = consumer;
  }

  /// The stored checkpoint; empty if there is no file.
  ///
  /// @throws CheckpointException if the file cannot be read, or holds something else
  Optional<Checkpoint> read() {
    byte[] bytes;
    try (var in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CheckpointException("The checkpoint " + path + " cannot be read: " + e, e);
    }
    if (bytes.length == 0 || bytes.length > MAX_BYTES || bytes[bytes.length - 1] != '\n') {
      throw foreign("it is truncated or not a checkpoint, with " + bytes.length + " bytes", null);
    }
    return Optional.of(checkpoint(new String(bytes, UTF_8)));
  }

  private Checkpoint checkpoint(String line) {
    JsonNode json;
    try {
      json = Json.of(line).tree();
    } catch (MalformedEventException | JacksonException e) {
      throw foreign("it is not JSON", e);
    }
    JsonNode logId = json.path("log_id");
    JsonNode sequence = json.path("sequence");
    if (!json.path("format").asString("").equals(FORMAT)) {
      throw foreign("its format is not " + FORMAT, null);
    } else if (!json.path("consumer").asString("").equals(consumer)) {
      throw foreign("it belongs to another consumer, " + json.path("consumer"), null);
    } else if (!logId.isString() || !sequence.canConvertToLong() || !sequence.isIntegralNumber()) {
      throw foreign("it has no log_id or no sequence", null);
    } else if (sequence.longValue() < 0) {
      throw foreign("its sequence is negative", null);
    }
    return new Checkpoint(logId.stringValue(), sequence.longValue());
  }

  private CheckpointException foreign(String what, @Nullable Throwable cause) {
    return new CheckpointException(
        path
            + (" does not hold the checkpoint of consumer '" + consumer + "': " + what)
            + ". Put back a copy that does, or delete it to start over",
        cause);
  }

  /// Replaces the stored checkpoint; returns once that is on disk.
  void write(Checkpoint checkpoint) {
    Path next = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(next, CREATE, WRITE, TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(line(checkpoint).getBytes(UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncFolder();
    } catch (IOException e) {
      throw new CheckpointException("The checkpoint " + path + " cannot be saved: " + e, e);
    }
  }

  private String line(Checkpoint checkpoint) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("consumer", consumer);
    json.put("log_id", checkpoint.logId());
    json.put("sequence", checkpoint.sequence());
    return Json.ofValue(json).text() + "\n";
  }

  /// Without this, a power failure may restore the file's old name.
  private void syncFolder() {
    Path folder = path.toAbsolutePath().getParent();
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows cannot open folders, and needs no sync of them.
      LOG.log(Level.DEBUG, "The checkpoint folder was not synced", e);
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(path);
      syncFolder();
    } catch (IOException e) {
      throw new CheckpointException("The checkpoint " + path + " cannot be deleted: " + e, e);
    }
  }
}
