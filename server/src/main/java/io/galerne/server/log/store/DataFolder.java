package io.galerne.server.log.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.galerne.server.files.DurableFiles;
import io.galerne.server.files.FileFailure;
import io.galerne.server.log.LogOpenException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The data folder of a store. Checks its content and format, and locks out other processes until
/// it is closed.
///
/// It contains `galerne-log.txt` (the label and the format version), `lock`, and the database in
/// `rocksdb`.
final class DataFolder implements AutoCloseable {
  /// The format that this program reads and writes. Format 1 was never released.
  static final int FORMAT = 2;

  private static final Logger log = LoggerFactory.getLogger(DataFolder.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static final String MARKER = "galerne-log.txt";
  private static final String LOCK = "lock";
  private static final String FORMAT_PREFIX = "format ";
  private static final String HOLDS_PREFIX = "holds ";

  private final Path folder;
  private final FileChannel channel;
  private final FileStore disk;

  private DataFolder(Path folder, FileChannel channel, FileStore disk) {
    this.folder = folder;
    this.channel = channel;
    this.disk = disk;
  }

  /// Creates the folder if missing, and locks it.
  ///
  /// @param label the content in a few words
  /// @throws LogOpenException if it is not a Galerne folder, has another label or format, is in
  ///     use, or cannot be read or written
  static DataFolder open(Path folder, String label) {
    FileChannel channel = null;
    try {
      createIfMissing(folder);
      if (marker(folder) == null) {
        refuseForeign(folder);
      }
      channel =
          FileChannel.open(folder.resolve(LOCK), Set.of(CREATE, WRITE), DurableFiles.OWNER_ONLY);
      lock(folder, channel);
      List<String> marker = marker(folder);
      if (marker == null) {
        mark(folder, label);
      } else {
        check(folder, marker, label);
      }
      makePrivate(folder); // only now: it is ours
      return new DataFolder(folder, channel, Files.getFileStore(folder));
    } catch (IOException e) {
      closeQuietly(channel);
      throw new LogOpenException(
          "Cannot use the data folder " + folder + ": " + reason(folder, e), e);
    } catch (LogOpenException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static void createIfMissing(Path folder) throws IOException {
    if (Files.exists(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    boolean hasModes = Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
    FileAttribute<?>[] attributes =
        hasModes
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try {
      Files.createDirectory(folder, attributes);
    } catch (FileAlreadyExistsException e) {
      log.debug("Another process has just created {}", folder, e);
    }
  }

  /// Restricts the folder to its owner, whatever modes the database gives its files.
  private static void makePrivate(Path folder) throws IOException {
    PosixFileAttributeView modes = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (modes == null) {
      return; // a file system without modes
    }
    Set<PosixFilePermission> found = modes.readAttributes().permissions();
    if (OWNER_ONLY.containsAll(found)) {
      return;
    }
    try {
      modes.setPermissions(OWNER_ONLY);
      log.info(
          "The data folder {} was readable by others ({}): restricted it to its owner",
          folder,
          PosixFilePermissions.toString(found));
    } catch (IOException e) {
      log.warn(
          "The data folder {} is readable by others ({}), and this user may not change that; run:"
              + " chmod 700 {}",
          folder,
          PosixFilePermissions.toString(found),
          folder,
          e);
    }
  }

  private static @Nullable List<String> marker(Path folder) throws IOException {
    Path marker = folder.resolve(MARKER);
    return Files.exists(marker) ? Files.readAllLines(marker, UTF_8) : null;
  }

  private static void refuseForeign(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      // files of an interrupted or concurrent start
      Path marker = folder.resolve(MARKER);
      Set<Path> ours = Set.of(folder.resolve(LOCK), marker, DurableFiles.fresh(marker));
      if (entries.anyMatch(entry -> !ours.contains(entry))) {
        throw new LogOpenException(
            "The data folder "
                + folder
                + " is not empty and holds no Galerne log; choose another with the setting"
                + " `folder`");
      }
    }
  }

  private static void check(Path folder, List<String> marker, String label) {
    int format = number(value(marker, FORMAT_PREFIX));
    if (format < 1) {
      throw new LogOpenException(
          "The file " + folder.resolve(MARKER) + " names no format; restore it from a backup");
    }
    if (format != FORMAT) {
      throw new LogOpenException(
          "The log in "
              + folder
              + " has format "
              + format
              + ", and this version of Galerne reads format "
              + FORMAT
              + (format > FORMAT
                  ? "; start a newer version"
                  : "; format 1 was never released: choose another with the setting `folder`"));
    }
    String holds = value(marker, HOLDS_PREFIX);
    if (!holds.equals(label)) {
      throw new LogOpenException(
          "The data folder "
              + folder
              + " holds a "
              + holds
              + ", not a "
              + label
              + "; choose another with the setting `folder`");
    }
  }

  private static String value(List<String> marker, String prefix) {
    return marker.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .findFirst()
        .orElse("");
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static void lock(Path folder, FileChannel channel) throws IOException {
    FileLock lock = DurableFiles.tryLock(channel);
    if (lock == null) {
      throw new LogOpenException(
          "The data folder "
              + folder
              + " is in use by another Galerne server; stop that one, or choose another with the"
              + " setting `folder`");
    }
  }

  /// Writes the marker atomically and durably: a folder without it, or with an empty one, cannot be
  /// reopened.
  private static void mark(Path folder, String label) throws IOException {
    String text =
        "This folder holds the event log of a Galerne server. Do not change anything in it.\n"
            + FORMAT_PREFIX
            + FORMAT
            + "\n"
            + HOLDS_PREFIX
            + label
            + "\n";
    DurableFiles.replace(folder.resolve(MARKER), text);
  }

  Path database() {
    return folder.resolve("rocksdb");
  }

  /// Whether the folder exists and contains a log.
  static boolean isMarked(Path folder) {
    return Files.exists(folder.resolve(MARKER));
  }

  /// Deletes the database. It must not be open.
  void deleteDatabase() throws IOException {
    try (Stream<Path> files = Files.walk(database())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// Usable space of its disk, in bytes.
  long free() throws IOException {
    return disk.getUsableSpace();
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static String reason(Path folder, IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return "this user may not write to " + denied.getFile() + "; check its owner and permissions";
    } else if (Files.exists(folder) && !Files.isDirectory(folder)) {
      return "it is a file; choose a folder with the setting `folder`";
    } else if (e instanceof FileAlreadyExistsException other) {
      return other.getFile() + " is not a folder; choose another with the setting `folder`";
    }
    return e instanceof NoSuchFileException
        ? "it cannot be created there; choose another with the setting `folder`"
        : FileFailure.words(e);
  }
}
