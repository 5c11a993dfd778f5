package io.galerne.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinksTest {
  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkHasATarget(String page) {
    for (String link : Documents.all("\\]\\(((?!https?:)[^)\\s]+)\\)", Documents.text(page))) {
      String[] parts = link.split("#", 2);
      Path from = Documents.root().resolve(page);
      Path to = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();

      assertThat(to).as("%s in %s", link, page).exists();
      if (parts.length == 2) {
        assertThat(headings(Documents.root().relativize(to)))
            .as("%s in %s", link, page)
            .contains(parts[1]);
      }
    }
  }

  static Stream<String> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Documents.root().resolve("docs"))) {
      return Stream.concat(
          Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
          docs.filter(file -> file.toString().endsWith(".md"))
              .map(file -> Documents.root().relativize(file).toString()))
          .toList()
          .stream();
    }
  }

  /// The anchors of the headings.
  private static Stream<String> headings(Path page) {
    return Documents.all("^#+ (.+)$", Documents.text(page.toString())).stream()
        .map(title ->
            title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'));
  }
}
