package io.galerne.server.docs;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.RunningServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
  private static final String DESCRIPTION = Documents.text("openapi.yaml");
  private static final String SERVER = "server/src/main/java/io/galerne/server/";

  @TempDir Path data;

  @Test
  void describesEveryPathThatIsRouted() {
    assertThat(methods().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Documents.all("\"(/[a-z][^\" ]+)\",", Documents.text(SERVER + "api/Endpoints.java")));
  }

  @Test
  void describesEveryMethodOfEachPath() {
    try (RunningServer server = RunningServer.start(data)) {
      methods()
          .forEach((path, methods) -> {
            var answer = server.post(path.replaceAll("\\{.*}", "some") + "/", "");
            assertThat(answer.statusCode()).as(path + "/").isEqualTo(404);

            answer = wrongMethod(server, path, methods);
            assertThat(answer.statusCode()).as(path).isEqualTo(405);
            assertThat(answer.headers().firstValue("allow")).as(path).contains(allowed(methods));
          });
    }
  }

  /// The description omits `HEAD`, which is allowed wherever `GET` is.
  private static String allowed(Set<String> methods) {
    return String.join(", ", methods).replace("GET", "GET, HEAD");
  }

  @Test
  void isServedUnchanged() {
    try (RunningServer server = RunningServer.start(data)) {
      assertThat(server.get("/openapi.yaml").body()).isEqualTo(DESCRIPTION);
    }
  }

  @Test
  void describesEveryTypeOfEvent() {
    assertThat(Documents.all("const: ([A-Z_]{10,})", DESCRIPTION))
        .containsExactlyElementsOf(Stream.of(EventType.values()).map(Enum::name).toList());
  }

  @Test
  void namesEveryErrorCode() {
    Set<String> known =
        new TreeSet<>(
            Documents.all("\\(\"(WF_\\d+)\"\\)", Documents.text(SERVER + "http/ErrorCode.java")));

    assertThat(Documents.all("(WF_\\d+)", DESCRIPTION)).hasSameElementsAs(known);
    assertThat(Documents.table(Documents.text("docs/compatibility.md"), "## Error codes"))
        .extracting(row -> row.get(1).replace("`", ""))
        .containsAll(known);
  }

  private static java.net.http.HttpResponse<String> wrongMethod(
      RunningServer server, String path, Set<String> methods) {
    String target = path.replaceAll("\\{.*}", "some");
    return methods.contains("GET") ? server.post(target, "") : server.get(target);
  }

  /// The methods of each path, in upper case.
  private static Map<String, Set<String>> methods() {
    String paths =
        DESCRIPTION.substring(
            DESCRIPTION.indexOf("\npaths:\n"), DESCRIPTION.indexOf("\ncomponents:"));
    return Stream.of(paths.split("\n(?=  /)"))
        .skip(1)
        .collect(
            toMap(
                path -> Documents.all("^  (/.*):$", path).getFirst(),
                path ->
                    new TreeSet<>(
                        Documents.all("^    ([a-z]+):$", path).stream()
                            .map(String::toUpperCase)
                            .toList())));
  }
}
