package io.galerne.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Keeps out phrases that a native reader stumbles over, in code as in documents.
class EnglishTest {
  /// Hidden folders hold what tools installed, except these.
  private static final Set<String> OWN_HIDDEN = Set.of(".ci", ".mvn");

  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", "EnglishTest.java", "package-lock.json");
  private static final Pattern TEXT =
      Pattern.compile(
          ".*\\.(java|kt|md|js|mjs|ts|py|css|html|yaml|xml|sh)|galerne|verify|release|run");

  private static List<Line> lines = List.of();

  /// A line of a source, and its place.
  private record Line(String place, String text) {
    @Override
    public String toString() {
      return place + ": " + text.strip();
    }
  }

  @BeforeAll
  static void readSources() throws IOException {
    lines = new ArrayList<>();
    for (Path file : sources()) {
      int number = 0;
      for (String text : Files.readString(file).split("\n", -1)) {
        lines.add(new Line(Documents.root().relativize(file) + ":" + ++number, text));
      }
    }
    assertThat(lines).hasSizeGreaterThan(10_000); // or it looked in the wrong place
  }

  @AfterAll
  static void forgetSources() {
    lines = List.of();
  }

  @ParameterizedTest
  @MethodSource("phrases")
  void saysItPlainly(Phrase phrase) {
    List<String> found =
        lines.stream()
            .filter(line -> phrase.pattern.matcher(line.text).find())
            .map(Line::toString)
            .toList();

    assertThat(found).as("rather: %s", phrase.better).isEmpty();
  }

  static Stream<Phrase> phrases() {
    Map<String, String> phrases = new LinkedHashMap<>();
    phrases.put("@throws \\w+ where\\b", "@throws X if …");
    phrases.put(
        "\\bwhat (is|was|has|had) (\\w+ )?(asked for|come|to be)\\b",
        "the request; the received events");
    phrases.put("\\btells of\\b", "reports");
    phrases.put("\\bbegins? anew\\b", "starts over");
    phrases.put("\\b(is|are|was|were) told\\b", "learns");
    phrases.put("\\bgo(es)? on\\b", "continues");
    phrases.put("\\bcomes? back\\b", "reconnects; returns");
    phrases.put("\\bby itself\\b", "on its own");
    phrases.put("\\banew\\b", "again");
    phrases.put("\\bnobody takes\\b", "there is no consumer");
    phrases.put("\\bin vain\\b", "unsuccessfully; without success");
    phrases.put("\\bfor ever\\b", "indefinitely");
    phrases.put("\\bhow many-th\\b", "the number of");
    phrases.put("\\bends? in order\\b", "shuts down cleanly");
    phrases.put("\\bis (made|created) where\\b", "is created if missing");
    phrases.put("\\bmend(s|ed|ing)?\\b", "fix");
    phrases.put("\\blest\\b", "so that … not");
    return phrases.entrySet().stream()
        .map(entry -> new Phrase(Pattern.compile(entry.getKey()), entry.getValue()));
  }

  record Phrase(Pattern pattern, String better) {
    @Override
    public String toString() {
      return pattern.pattern();
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        Documents.root(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean isHidden = name.startsWith(".") && !OWN_HIDDEN.contains(name);
            boolean isOurs =
                folder.equals(Documents.root()) || !(isHidden || NOT_OURS.contains(name));
            return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (TEXT.matcher(name).matches() && !NOT_OURS.contains(name)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
