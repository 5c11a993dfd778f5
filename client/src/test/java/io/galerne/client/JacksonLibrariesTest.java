package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.galerne.protocol.Json;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/// Dependency management for Jackson 2 can select annotations that are too old for Jackson 3, as
/// Spring Boot 3.5.0 does.
class JacksonLibrariesTest {
  private static final List<Class<?>> NEEDED =
      List.of(
          JacksonLibrariesTest.class,
          Mistral.class,
          Json.class,
          JsonParser.class,
          JsonNode.class,
          JsonInclude.class,
          NullMarked.class);

  /// An annotation newer than 2.20.
  private static final String NEW = "com.fasterxml.jackson.annotation.JsonSerializeAs";

  /// Has everything except the newer annotations.
  private static final class OldAnnotations extends URLClassLoader {
    private OldAnnotations() {
      super(
          NEEDED.stream()
              .flatMap(type -> Stream.of(type.getProtectionDomain().getCodeSource().getLocation()))
              .distinct()
              .toArray(URL[]::new),
          ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.equals(NEW)) {
        throw new ClassNotFoundException(name);
      }
      return super.findClass(name);
    }
  }

  @Test
  void buildFailsAndSaysWhatToChange() throws Exception {
    assertThat(Class.forName(NEW)).as("what the old annotations lack").isNotNull();
    try (OldAnnotations loader = new OldAnnotations()) {
      Class<?> builds = loader.loadClass(Builds.class.getName());

      Object messages = ((Callable<?>) builds.getConstructor().newInstance()).call();

      assertThat(messages).asString().contains("JsonSerializeAs");
      assertThat(messages.toString().lines())
          .hasSize(2)
          .allSatisfy(message ->
              assertThat(message)
                  .contains("jackson-databind 3.", "jackson-annotations-2.")
                  .contains("com.fasterxml.jackson.core:jackson-annotations 2.21 or newer")
                  .contains("Spring Boot 3.5", "jackson-bom.version"));
    }
  }

  /// Called with the class path's loader. Builds a client twice, because a class whose
  /// initialisation failed fails differently the second time.
  public static final class Builds implements Callable<String> {
    @Override
    public String call() {
      return build() + "\n" + build();
    }

    private static String build() {
      try {
        Mistral.builder().build().close();
        return "was built";
      } catch (IllegalStateException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }
}
