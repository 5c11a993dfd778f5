package io.galerne.cli.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.cli.CommandFailedException;
import io.galerne.server.files.FileFailure;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads a file line by line, and counts the lines.
final class Lines implements Closeable {
  /// Longer than any event; a longer line is not a file of events.
  private static final int MAX_CHARS = 64 * 1024 * 1024;

  private static final String STANDARD_INPUT = "-";

  /// Some editors begin UTF-8 files with it. It is not part of the first line.
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String name;
  private final BufferedReader reader;
  private long number;

  private Lines(String name, InputStream in) {
    this.name = name;
    this.reader =
        new BufferedReader(
            new InputStreamReader(
                in,
                UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
            64 * 1024);
  }

  /// @param file a path, or `-` for standard input
  /// @throws CommandFailedException if it cannot be opened
  static Lines of(String file) {
    if (file.equals(STANDARD_INPUT)) {
      return new Lines("standard input", System.in);
    }
    try {
      return new Lines(file, Files.newInputStream(Path.of(file)));
    } catch (NoSuchFileException e) {
      throw new CommandFailedException("there is no file '" + file + "'", e);
    } catch (IOException | InvalidPathException e) {
      String why = e instanceof IOException io ? FileFailure.reason(io) : e.getMessage();
      throw new CommandFailedException("'" + file + "' cannot be read: " + why, e);
    }
  }

  /// Returns the place of the line that was read last.
  Place place() {
    return new Place(name, number);
  }

  /// A line of a file.
  record Place(String name, long number) {
    @Override
    public String toString() {
      return name + ", line " + number;
    }
  }

  /// Returns the next line that is not blank; null at the end.
  ///
  /// @throws CommandFailedException if the file cannot be read, is not UTF-8, or a line is too long
  @Nullable String next() {
    for (String line = line(); line != null; line = line()) {
      if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
        line = line.substring(BYTE_ORDER_MARK.length());
      }
      if (!line.isBlank()) {
        return line;
      }
    }
    return null;
  }

  private @Nullable String line() {
    StringBuilder line = new StringBuilder();
    number++;
    try {
      int c = reader.read();
      if (c < 0) {
        return null;
      }
      for (; c >= 0 && c != '\n'; c = reader.read()) {
        line.append((char) c);
        if (line.length() > MAX_CHARS) {
          throw new CommandFailedException(
              place() + ", is longer than any event: does each line hold one event?");
        }
      }
    } catch (CharacterCodingException e) {
      throw new CommandFailedException(place() + ", or soon after it: this is not UTF-8", e);
    } catch (IOException e) {
      throw new CommandFailedException(
          "'" + name + "' cannot be read: " + FileFailure.reason(e), e);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
