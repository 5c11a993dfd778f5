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
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Replaces files atomically and durably, and locks them.
public final class DurableFiles {
  /// Mode of files that only their owner may read, independent of the umask.
  public static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String NEW = ".new";

  /// The longest chain of symbolic links that Linux follows.
  private static final int MOST_LINKS = 40;

  private DurableFiles() {}

  /// The temporary file beside `file` for its new content; a leftover of a crash may be
  /// overwritten.
  public static Path fresh(Path file) {
    return file.resolveSibling(file.getFileName() + NEW);
  }

  /// Resolves symbolic links, also to a file that does not exist yet.
  ///
  /// @throws IOException if the links form a cycle or cannot be read
  public static Path behindLinks(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /// Writes or replaces a file atomically: readers see the old or the new content, also after a
  /// power failure. A replaced file keeps its owner, group, mode and symbolic links; a new one is
  /// readable by its owner only. For one writer at a time.
  ///
  /// @throws IOException if it cannot be written, its owner or mode cannot be kept, or it has other
  ///     hard links; the file is then unchanged
  public static void replace(Path file, String text) throws IOException {
    Path target = behindLinks(file);
    refuseOtherNames(target);
    Path fresh = fresh(target);
    Files.deleteIfExists(fresh);
    try {
      try (FileChannel channel = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), OWNER_ONLY)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        if (Files.exists(target)) {
          copyAccess(target, fresh);
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

  /// A hard link would keep the old content.
  private static void refuseOtherNames(Path target) throws IOException {
    if (Files.exists(target)
        && target.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.getAttribute(target, "unix:nlink") instanceof Integer names
        && names > 1) {
      throw new FileSystemException(
          target.toString(),
          null,
          "it has "
              + names
              + " names (hard links), and the others would keep the old content; leave one, or use"
              + " symbolic links");
    }
  }

  /// Copies owner, group and mode from one file to another.
  ///
  /// @throws IOException if this process lacks the permission
  public static void copyAccess(Path from, Path to) throws IOException {
    PosixFileAttributeView source = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    PosixFileAttributeView copy = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (source == null || copy == null) {
      return; // this file system has no owners and modes
    }
    PosixFileAttributes wanted = source.readAttributes();
    try {
      PosixFileAttributes now = copy.readAttributes();
      if (!now.group().equals(wanted.group())) {
        copy.setGroup(wanted.group());
      }
      if (!now.owner().equals(wanted.owner())) {
        copy.setOwner(wanted.owner());
      }
      copy.setPermissions(wanted.permissions()); // last: a change of owner may clear some
    } catch (IOException e) {
      throw refused(from, wanted, e);
    }
    PosixFileAttributes set = copy.readAttributes();
    if (!set.owner().equals(wanted.owner())
        || !set.group().equals(wanted.group())
        || !set.permissions().equals(wanted.permissions())) {
      throw refused(from, wanted, null);
    }
  }

  private static IOException refused(
      Path file, PosixFileAttributes wanted, @Nullable IOException cause) {
    FileSystemException refused =
        new FileSystemException(
            file.toString(),
            null,
            "it belongs to "
                + wanted.owner().getName()
                + ":"
                + wanted.group().getName()
                + ", which a change by this user would not keep; run the command as "
                + wanted.owner().getName()
                + " or root");
    refused.initCause(cause);
    return refused;
  }

  /// Tries to lock a file for this process.
  ///
  /// @return null if another process, or this one, holds the lock
  public static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
