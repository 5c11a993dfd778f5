package io.galerne.cli.docs;

import io.galerne.server.docs.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A piece of Java in a document or in Javadoc, as a reader would copy it.
///
/// @param place file and line
record Snippet(String place, String code) {
  /// Marks a snippet that does not end on its own.
  private static final String ENDLESS = "until the stream is closed";

  /// Marks a snippet that needs a newer Java than the client.
  private static final String JAVA_21 = "// Java 21";

  /// Its snippets need Spring and are tested with the starter.
  private static final String SPRING = "docs/spring-boot.md";

  /// Returns the snippets of all documents below `docs`, and of the Javadoc of public classes.
  /// Those of the README are whole programs, which the tests of the official clients run.
  static List<Snippet> all() throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (Path file : files()) {
      String place = Documents.root().relativize(file).toString();
      collect(place, Files.readAllLines(file), snippets);
    }
    return snippets;
  }

  static List<Path> files() throws IOException {
    Path root = Documents.root();
    List<Path> files = new ArrayList<>(below(root.resolve("docs"), ".md"));
    files.remove(root.resolve(SPRING));
    files.addAll(below(root.resolve("protocol/src/main"), ".java"));
    files.addAll(below(root.resolve("client/src/main"), ".java"));
    return files;
  }

  private static List<Path> below(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static void collect(String file, List<String> lines, List<Snippet> snippets) {
    StringBuilder code = null;
    int begin = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("^ */// ?", "");
      if (code == null && line.strip().equals("```java")) {
        code = new StringBuilder();
        begin = i + 1;
      } else if (code != null && line.strip().equals("```")) {
        snippets.add(new Snippet(file + ":" + begin, code.toString()));
        code = null;
      } else if (code != null) {
        code.append(line).append('\n');
      }
    }
    if (code != null) {
      throw new IllegalStateException(file + ":" + begin + ": the snippet has no end");
    }
  }

  boolean isEndless() {
    return code.contains(ENDLESS);
  }

  int release() {
    return code.contains(JAVA_21) ? 21 : 17;
  }

  @Override
  public String toString() {
    return place;
  }
}
