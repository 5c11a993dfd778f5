package io.galerne.server.log.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.galerne.server.files.DurableFiles;
import io.galerne.server.log.LogOpenException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of a log: knows whether it is one, of which format, and keeps other processes out of
/// it until it is closed.
///
/// It holds `galerne-log.txt` (what the folder is, and the format's version), `lock`, and the
/// database in `rocksdb`.
final class DataFolder implements AutoCloseable {
  /// What this program writes, and the newest that it reads.
  static final int FORMAT = 1;

  private static final String MARKER = "galerne-log.txt";
  private static final String LOCK = "lock";
  private static final String FORMAT_PREFIX = "format ";

  private final Path folder;
  private final FileChannel channel;
  private final FileStore disk;

  private DataFolder(Path folder, FileChannel channel, FileStore disk) {
    this.folder = folder;
    this.channel = channel;
    this.disk = disk;
  }

  /// Makes the folder where it is missing, and takes hold of it.
  ///
  /// @throws LogOpenException where it is not one of ours, is in use, or cannot be used
  static DataFolder open(Path folder) {
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      if (marker(folder) == null) {
        refuseForeign(folder);
      }
      channel = FileChannel.open(folder.resolve(LOCK), CREATE, WRITE);
      lock(folder, channel);
      List<String> marker = marker(folder);
      if (marker == null) {
        mark(folder);
      } else {
        checkFormat(folder, marker);
      }
      return new DataFolder(folder, channel, Files.getFileStore(folder));
    } catch (IOException e) {
      closeQuietly(channel);
      throw new LogOpenException(
          "Cannot use the data folder " + folder + ": " + reason(e) + "; check its permissions", e);
    } catch (LogOpenException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static @Nullable List<String> marker(Path folder) throws IOException {
    Path marker = folder.resolve(MARKER);
    return Files.exists(marker) ? Files.readAllLines(marker, UTF_8) : null;
  }

  private static void refuseForeign(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      // those of a start that was cut short, or of one that goes on beside this one
      Path marker = folder.resolve(MARKER);
      Set<Path> ours = Set.of(folder.resolve(LOCK), marker, DurableFiles.fresh(marker));
      if (entries.anyMatch(entry -> !ours.contains(entry))) {
        throw new LogOpenException(
            "The data folder "
                + folder
                + " is not empty and holds no Galerne log; choose another with --data");
      }
    }
  }

  private static void checkFormat(Path folder, List<String> marker) {
    for (String line : marker) {
      if (line.startsWith(FORMAT_PREFIX)) {
        int format = number(line.substring(FORMAT_PREFIX.length()).strip());
        if (format < 1) {
          break;
        }
        if (format > FORMAT) {
          throw new LogOpenException(
              "The log in "
                  + folder
                  + " has format "
                  + format
                  + ", and this version of Galerne reads up to format "
                  + FORMAT
                  + "; start a newer version");
        }
        return;
      }
    }
    throw new LogOpenException(
        "The file " + folder.resolve(MARKER) + " names no format; put it back from a backup");
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
              + " is in use by another Galerne server; stop that one, or choose another folder with"
              + " --data");
    }
  }

  /// As a whole and for good: a folder without it, or with an empty one, could not be opened again.
  private static void mark(Path folder) throws IOException {
    String text =
        "This folder holds the event log of a Galerne server. Do not change anything in it.\n"
            + FORMAT_PREFIX
            + FORMAT
            + "\n";
    DurableFiles.replace(folder.resolve(MARKER), text);
  }

  Path database() {
    return folder.resolve("rocksdb");
  }

  /// How much may still be written to the disk that it is on, in bytes.
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

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
