package io.galerne.cli.docs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.client.Mistral;
import io.galerne.server.GalerneServer;
import io.galerne.server.RunningServer;
import io.galerne.server.ServerConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;

/// Compiles a snippet for the oldest Java that it supports, and runs it against a new server.
final class SnippetRun {
  private static final String CLASS = "Snippet";

  /// The longest run of a snippet.
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /// The imports of readers.
  private static final List<String> IMPORTS =
      List.of(
          "io.galerne.client.*",
          "io.galerne.client.checkpoint.*",
          "io.galerne.client.error.*",
          "io.galerne.client.payload.*",
          "io.galerne.client.publish.*",
          "io.galerne.client.runs.*",
          "io.galerne.client.stream.*",
          "io.galerne.protocol.*",
          "java.nio.charset.StandardCharsets",
          "java.nio.file.Path",
          "java.sql.PreparedStatement",
          "java.time.Duration",
          "java.util.*",
          "java.util.concurrent.*",
          "java.util.stream.*");

  /// Replacements for the reader's own surroundings.
  private static final Map<String, String> REPLACED =
      Map.of(
          "Mistral.builder()", "builder()",
          "Mistral.fromEnv()", "builder().build()",
          "System.getenv(", "getenv(",
          "System.out.", "out.",
          "Path.of(", "folder.resolve(");

  private static final String USUAL_ADDRESS = "http://127.0.0.1:8080";

  private final Snippet snippet;
  private final Path folder;

  SnippetRun(Snippet snippet, Path folder) {
    this.snippet = snippet;
    this.folder = folder;
  }

  /// @return its output
  String run() throws Exception {
    try (GalerneServer server =
        GalerneServer.start(
            ServerConfig.builder().port(0).build(), RunningServer.log(folder.resolve("data")))) {
      Path classes = compile(server.uri().toString());
      try (URLClassLoader loader =
          new URLClassLoader(
              new URL[] {classes.toUri().toURL()}, SnippetRun.class.getClassLoader())) {
        SnippetFrame frame =
            (SnippetFrame) loader.loadClass(CLASS).getDeclaredConstructor().newInstance();
        frame.prepare(server.uri().toString(), folder);
        run(frame, server);
        return frame.printed();
      }
    }
  }

  private void run(SnippetFrame frame, GalerneServer server) throws Exception {
    FutureTask<Boolean> end =
        new FutureTask<>(() -> {
          frame.run();
          return true;
        });
    Thread thread = new Thread(end, "snippet");
    thread.setDaemon(true);
    thread.start();
    try (Mistral _ = frame.mistral) {
      if (snippet.isEndless()) {
        Awaitility.await().atMost(LONGEST).until(() -> end.isDone() || !frame.printed().isEmpty());
        assertThat(end.isDone()).as("ended on its own").isFalse();
        server.close();
      }
      end.get(LONGEST.toSeconds(), SECONDS);
    } finally {
      thread.interrupt();
    }
  }

  private Path compile(String url) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    StringWriter errors = new StringWriter();
    List<String> options =
        List.of(
            "--release",
            Integer.toString(snippet.release()),
            "-proc:none",
            "-Xlint:deprecation,unchecked,rawtypes",
            "-Werror",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    boolean compiled =
        compiler
            .getTask(errors, null, null, options, null, List.of(new Source(source(url))))
            .call();
    assertThat(compiled).as("%s compiles: %s", snippet, errors).isTrue();
    return classes;
  }

  private String source(String url) {
    String code = snippet.code().replace(USUAL_ADDRESS, url);
    for (Map.Entry<String, String> entry : REPLACED.entrySet()) {
      code = code.replace(entry.getKey(), entry.getValue());
    }
    String imports =
        IMPORTS.stream().map(name -> "import " + name + ";").collect(Collectors.joining("\n"));
    return "%s\n\npublic final class %s extends %s {\n@Override protected void run() throws Exception {\n%s}\n}\n"
        .formatted(imports, CLASS, SnippetFrame.class.getName(), code);
  }

  /// A source that is not in a file.
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    private Source(String text) {
      super(URI.create("string:///" + CLASS + ".java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
