package io.galerne.server.docs;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  private static final String PAGE = Documents.text("docs/architecture.md");
  private static final String SERVER = "server/src/main/java/io/galerne/server/";

  @ParameterizedTest
  @ValueSource(strings = {"architecture", "limits", "changing"})
  void theClassesItNamesExist(String name) throws IOException {
    Set<String> named =
        Documents.code(Documents.text("docs/" + name + ".md"))
            .filter(code -> code.matches("[A-Z][A-Za-z]*[a-z]"))
            .collect(toSet());

    assertThat(named).hasSizeGreaterThan(40).isSubsetOf(classes());
  }

  @Test
  void itsModulesAreThoseOfTheBuild() {
    assertThat(Documents.table(PAGE, "## Modules and packages"))
        .extracting(row -> row.getFirst().replace("`", ""))
        .containsExactlyElementsOf(
            Documents.all("<module>(.+)</module>", Documents.text("pom.xml")));
  }

  @ParameterizedTest
  @CsvSource({
    "api, http.connection",
    "http.connection, api",
    "http, api|http.connection",
    "live, api|http",
    "log, api|http|live",
    "log.embedded, api|http|live",
    "log.runs, api|http|live",
    "log.store, api|http|live"
  })
  void noPackageDependsAgainstTheArrows(String name, String against) throws IOException {
    Path folder = Documents.root().resolve(SERVER + name.replace('.', '/'));
    try (Stream<Path> files = Files.list(folder).filter(Files::isRegularFile)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(Files.readString(file))
                  .doesNotContainPattern("\\bio\\.galerne\\.server\\.(%s)\\b".formatted(against)));
    }
  }

  private static Set<String> classes() throws IOException {
    try (Stream<Path> files = Files.walk(Documents.root(), 12)) {
      return files
          .map(Path::toString)
          .filter(file -> file.contains("/src/main/java/") && file.endsWith(".java"))
          .map(file -> file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length()))
          .collect(toSet());
    }
  }
}
