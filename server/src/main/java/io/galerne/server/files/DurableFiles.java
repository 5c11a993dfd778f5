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

/// Replaces files as a whole and for good, and locks them.
public final class DurableFiles {
  /// For files that only their owner may read, whatever the process's umask is.
  public static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String NEW = ".new";

  /// As many links after one another as Linux follows.
  private static final int MOST_LINKS = 40;

  private DurableFiles() {}

  /// The name of the new content beside `file` until it takes its place; what is left of it after a
  /// crash may be overwritten.
  public static Path fresh(Path file) {
    return file.resolveSibling(file.getFileName() + NEW);
  }

  /// The file itself if its name is a symbolic link to it, also if it does not exist yet.
  ///
  /// @throws IOException if links lead nowhere but in circles, or cannot be read
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

  /// Writes a file, in place of one that is there: others see either, and so does the machine after a
  /// power failure. The file keeps its owner, group, mode and the links that lead to it; a new one can
  /// be read by its owner only. For one writer at a time.
  ///
  /// @throws IOException if it cannot be written, or not without changing who may read it or
  ///     leaving the old content under another name; then nothing has changed
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

  /// Gives a file the owner, group and mode of another.
  ///
  /// @throws IOException if this process may not do that
  public static void copyAccess(Path from, Path to) throws IOException {
    PosixFileAttributeView source = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    PosixFileAttributeView copy = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (source == null || copy == null) {
      return; // this file system knows no owners and modes
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
      copy.setPermissions(wanted.permissions()); // last: a change of owner may take some away
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
                + ", and would not after a change by this user; run the command as "
                + wanted.owner().getName()
                + " or root");
    refused.initCause(cause);
    return refused;
  }

  /// Locks a file for this process.
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
