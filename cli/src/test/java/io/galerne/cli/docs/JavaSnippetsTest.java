package io.galerne.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every piece of Java in the documents and in the Javadoc of `protocol` and `client` compiles and
/// runs.
@Timeout(120)
class JavaSnippetsTest {
  @TempDir Path folder;

  static List<Snippet> snippets() throws IOException {
    return Snippet.all();
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void compilesAndRuns(Snippet snippet) throws Exception {
    String printed = new SnippetRun(snippet, folder).run();

    if (snippet.code().contains("System.out")) {
      assertThat(printed).isNotBlank();
    }
  }

  @Test
  void everyExampleIsChecked() throws IOException {
    for (Path file : Snippet.files()) {
      assertThat(Files.readString(file))
          .as("%s has its examples in fences, each with its language", file)
          .doesNotContain("{@snippet", "<pre>", "///\n/// ```\n");
    }
  }

  @Test
  void entryPointsHaveAnExample() throws IOException {
    String places = Snippet.all().toString();

    assertThat(places)
        .contains(
            "/Mistral.java",
            "/Events.java",
            "/Executions.java",
            "/BatchingPublisher.java",
            "/CheckpointStore.java",
            "/FileCheckpointStore.java",
            "/JdbcCheckpointStore.java",
            "/PayloadDecoder.java",
            "/PayloadEncoder.java",
            "/TaskState.java",
            "/TaskStates.java",
            "/Json.java",
            "/EventReader.java",
            "/SseParser.java");
  }

  @Test
  void aSnippetThatDoesNotCompileFails() {
    assertThatThrownBy(() -> run("mistral.events().getEverything();"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("getEverything");
  }

  @Test
  void aSnippetThatThrowsFails() {
    assertThatThrownBy(() -> run("throw new IllegalStateException(mistral.toString());"))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSnippetNeedsNoNewerJavaThanItSays() {
    String code = "String it = switch (made) { case UnknownEvent u -> \"?\"; default -> \"!\"; };";

    assertThatThrownBy(() -> run(code)).isInstanceOf(AssertionError.class);
    assertThat(new Snippet("here:1", "// Java 21\n" + code))
        .satisfies(newer -> new SnippetRun(newer, folder).run());
  }

  private void run(String code) throws Exception {
    new SnippetRun(new Snippet("here:1", code + "\n"), folder).run();
  }
}
