package io.galerne.cli.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.galerne.cli.CommandFailedException;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import io.galerne.protocol.StreamEvent;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A file of stream events, one per line, which can be continued after any interruption: its last
/// whole line is its position.
final class ExportFile implements ExportRun.Target, AutoCloseable {
  private static final int BLOCK_BYTES = 64 * 1024;

  /// Longer than any event.
  private static final int MAX_LINE_BYTES = 64 * 1024 * 1024;

  private final FileChannel channel;
  private final OutputStream out;
  private final Optional<StreamEvent> last;
  private final boolean onDisk;

  private ExportFile(FileChannel channel, Optional<StreamEvent> last, boolean onDisk) {
    this.onDisk = onDisk;
    this.channel = channel;
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BLOCK_BYTES);
    this.last = last;
  }

  /// Creates a file, or continues it.
  ///
  /// @throws CommandFailedException if the file exists and `resume` is false, or if it holds
  ///     something else; the file stays as it is
  static ExportFile open(Path path, boolean resume) throws IOException {
    if (Files.isDirectory(path)) {
      throw new CommandFailedException(path + " is a folder: give the name of a file");
    } else if (Files.exists(path) && !Files.isRegularFile(path)) {
      return device(path, resume);
    }
    FileChannel channel = FileChannel.open(path, CREATE, READ, WRITE);
    try {
      requireAlone(channel, path);
      if (channel.size() == 0) {
        return new ExportFile(channel, Optional.empty(), true);
      } else if (!resume) {
        throw new CommandFailedException(
            path + " exists already: --resume continues after what it holds");
      }
      long end = endOfLastLine(channel, channel.size(), path);
      StreamEvent last = event(line(channel, end, path), path);
      channel.truncate(end);
      channel.position(end);
      return new ExportFile(channel, Optional.of(last), true);
    } catch (RuntimeException | IOException e) {
      channel.close();
      throw e;
    }
  }

  /// Opens a named pipe or a device, which can only be written to.
  private static ExportFile device(Path path, boolean resume) throws IOException {
    if (resume) {
      throw new CommandFailedException(path + " is not a file, so it cannot be resumed");
    }
    return new ExportFile(FileChannel.open(path, WRITE), Optional.empty(), false);
  }

  private static void requireAlone(FileChannel channel, Path path) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // locked by this process
    }
    if (lock == null) {
      throw new CommandFailedException("another export writes to " + path);
    }
  }

  /// Returns the last event in the file when it was opened; empty if it had none.
  Optional<StreamEvent> last() {
    return last;
  }

  /// Returns the offset after the line break of the last whole line before `limit`.
  private static long endOfLastLine(FileChannel channel, long limit, Path path) throws IOException {
    long before = lineBreakBefore(channel, limit);
    if (before < 0) {
      throw new CommandFailedException(
          path + " has no whole line to continue after: delete it, or give another file");
    }
    return before + 1;
  }

  private static String line(FileChannel channel, long end, Path path) throws IOException {
    long start = lineBreakBefore(channel, end - 1) + 1;
    if (end - start > MAX_LINE_BYTES) {
      throw foreign(path, "its last line is too long", null);
    }
    ByteBuffer bytes = read(channel, start, (int) (end - start));
    return UTF_8.decode(bytes).toString();
  }

  /// Returns the offset of the last line break before `limit`; -1 if there is none.
  private static long lineBreakBefore(FileChannel channel, long limit) throws IOException {
    for (long end = limit; end > 0; ) {
      long start = Math.max(0, end - BLOCK_BYTES);
      ByteBuffer block = read(channel, start, (int) (end - start));
      for (int i = block.limit() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return start + i;
        }
      }
      end = start;
    }
    return -1;
  }

  private static ByteBuffer read(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
      // until all bytes are written
    }
    return bytes.flip();
  }

  private static StreamEvent event(String line, Path path) {
    try {
      return EventReader.streamEvent(line);
    } catch (MalformedEventException e) {
      throw foreign(path, "its last whole line is not a stream event: " + e.getMessage(), e);
    }
  }

  private static CommandFailedException foreign(
      Path path, String why, @Nullable MalformedEventException cause) {
    String message = path + " was not written by 'galerne export': " + why;
    return cause == null
        ? new CommandFailedException(message)
        : new CommandFailedException(message, cause);
  }

  @Override
  public boolean write(Json event) throws IOException {
    out.write((JsonLines.line(event) + "\n").getBytes(UTF_8));
    return true;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /// Returns when everything is on disk.
  @Override
  public void close() throws IOException {
    try (channel) {
      out.flush();
      if (onDisk) {
        channel.force(true);
      }
    }
  }
}
