package io.galerne.server.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Replaces files as a whole and for good, and locks them.
public final class DurableFiles {
  private static final String NEW = ".new";

  private DurableFiles() {}

  /// What a file is called beside `file` until it takes its place; what is left of it after a crash
  /// may be overwritten.
  public static Path fresh(Path file) {
    return file.resolveSibling(file.getFileName() + NEW);
  }

  /// Writes a file, in place of one that is there: others see either, and so does the machine after a
  /// power failure. For one writer at a time.
  ///
  /// @param attributes of the file, such as who may read it
  public static void replace(Path file, String text, FileAttribute<?>... attributes)
      throws IOException {
    Path target = file.toAbsolutePath();
    Path fresh = fresh(target);
    Files.deleteIfExists(fresh);
    try {
      try (FileChannel channel = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), attributes)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, target, ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    try (FileChannel folder = FileChannel.open(target.getParent(), READ)) {
      folder.force(true);
    }
  }

  /// Locks a file for this process.
  ///
  /// @return null where another process, or this one, holds the lock
  public static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
