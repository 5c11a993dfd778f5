package io.galerne.server.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads the project's documents, for tests that keep them correct.
public final class Documents {
  private static final Pattern SPAN = Pattern.compile("`([^`]*)`");

  private Documents() {}

  /// The root of the repository.
  public static Path root() {
    Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    while (folder != null) {
      if (Files.exists(folder.resolve("galerne")) && Files.exists(folder.resolve("pom.xml"))) {
        return folder;
      }
      folder = folder.getParent();
    }
    throw new IllegalStateException("Tests run somewhere within the repository");
  }

  /// A document's text; the path is relative to the root.
  public static String text(String path) {
    try {
      return Files.readString(root().resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The text between backticks, in order.
  public static Stream<String> code(String text) {
    return SPAN.matcher(text).results().map(match -> match.group(1));
  }

  /// The rows of the first table after the line `heading`, each as its trimmed cells.
  public static List<List<String>> table(String text, String heading) {
    List<String> lines = text.lines().toList();
    int start = lines.indexOf(heading);
    if (start < 0) {
      throw new IllegalArgumentException("There is no line '" + heading + "'");
    }
    return lines.stream()
        .skip(start)
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(Documents::cells)
        .toList();
  }

  private static List<String> cells(String row) {
    return Stream.of(row.substring(1, row.length() - 1).split("(?<!\\\\)\\|", -1))
        .map(String::strip)
        .toList();
  }

  /// The first group of every match, in order.
  public static List<String> all(String regex, String text) {
    Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE).matcher(text);
    return matcher.results().map(match -> match.group(1)).toList();
  }
}
