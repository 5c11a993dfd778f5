package io.galerne.client.checkpoint;

import io.galerne.client.error.CheckpointException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Stores checkpoints as files in a folder: `billing.checkpoint`, and `billing.lock`, which the
/// running consumer of that name locks. If a second one starts, in this process or another, its
/// claim fails.
///
/// ```java
/// CheckpointStore store = new FileCheckpointStore(Path.of("checkpoints"));
/// mistral.events().consume(request, store, "billing", event ->
///     System.out.println("to be billed: " + event.data().workflowExecId()));
/// ```
///
/// A save writes a new file, syncs it and renames it over the old one, so that there is always
/// either the old position or the new one. Events are handled at least once: if the process dies
/// between handling an event and saving, the event is delivered again.
///
/// The folder must be on a local disk: locks and syncs are unreliable on some network drives.
public final class FileCheckpointStore implements CheckpointStore {
  /// Names that are valid file names on every system.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

  private final Path folder;

  /// @param folder created if missing when the first checkpoint is claimed
  public FileCheckpointStore(Path folder) {
    this.folder = folder;
  }

  /// @param consumer at most 100 letters, digits, dots, dashes and underscores
  /// @throws IllegalArgumentException if the name has other characters
  @Override
  public Claim claim(String consumer) {
    requireName(consumer);
    FileChannel lock = lock(consumer);
    try {
      CheckpointFile file = file(consumer);
      return new FileClaim(consumer, lock, file, file.read());
    } catch (RuntimeException | Error e) {
      release(lock, consumer);
      throw e;
    }
  }

  @Override
  public void delete(String consumer) {
    requireName(consumer);
    FileChannel lock = lock(consumer);
    try {
      file(consumer).delete();
    } finally {
      release(lock, consumer);
    }
  }

  private CheckpointFile file(String consumer) {
    return new CheckpointFile(folder.resolve(consumer + ".checkpoint"), consumer);
  }

  private static void requireName(String consumer) {
    if (!NAME.matcher(consumer).matches()) {
      throw new IllegalArgumentException(
          "A consumer's name has 1 to 100 letters, digits, dots, dashes and underscores, but this is '"
              + (consumer + "'"));
    }
  }

  private FileChannel lock(String consumer) {
    Path path = folder.resolve(consumer + ".lock");
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        return channel;
      }
    } catch (IOException e) {
      release(channel, consumer);
      throw new CheckpointException("The lock " + path + " cannot be acquired: " + e, e);
    }
    release(channel, consumer);
    throw new CheckpointException(
        "Another consumer with the name '"
            + (consumer + "' is running; it has locked " + path)
            + ". Stop it first, or give this consumer another name",
        null);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process
    }
  }

  /// Closing the channel releases the lock. The file stays: if it were deleted, two consumers could
  /// lock two files.
  private static void release(@Nullable FileChannel lock, String consumer) {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new CheckpointException("The lock of '" + consumer + "' cannot be released: " + e, e);
    }
  }

  private static final class FileClaim implements Claim {
    private final String consumer;
    private final FileChannel lock;
    private final CheckpointFile file;
    private @Nullable Checkpoint saved;

    FileClaim(String consumer, FileChannel lock, CheckpointFile file, Optional<Checkpoint> saved) {
      this.consumer = consumer;
      this.lock = lock;
      this.file = file;
      this.saved = saved.orElse(null);
    }

    @Override
    public String consumer() {
      return consumer;
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
      return Optional.ofNullable(saved);
    }

    @Override
    public void save(Checkpoint checkpoint) {
      if (!lock.isOpen()) {
        throw new CheckpointException("The claim on '" + consumer + "' has been closed", null);
      }
      Checkpoint next = saved == null ? checkpoint : Succession.of(consumer, saved, checkpoint);
      file.write(next);
      saved = next;
    }

    @Override
    public void close() {
      release(lock, consumer);
    }
  }
}
