package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.docs.Documents;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The script `./galerne`, in a folder with small sources and a Maven that copies a ready jar.
@Timeout(300)
class LauncherTest {
  /// Stands in for the command: prints its arguments.
  private static final String PROGRAM =
      """
      package io.galerne.cli;

      public final class Galerne {
        public static void main(String[] args) throws Exception {
          for (String arg : args) {
            arg.chars().forEach(c -> System.out.printf(c < 127 ? "%c" : "\\\\u%04x", c));
            System.out.println();
            if (arg.equals("read")) {
              try {
                System.out.println(System.in.read());
              } catch (java.io.IOException e) {
                System.out.println("cannot read");
              }
            }
            if (arg.startsWith("/")) {
              java.nio.file.Files.createFile(java.nio.file.Path.of(arg));
            }
          }
        }
      }
      """;

  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      if [[ $1 == -v ]]; then
        echo 'Apache Maven 3.9.0'
        exit
      fi
      for arg; do
        [[ $arg != -Dgalerne.home=* ]] || home=${arg#*=}
      done
      mkdir -p "$home/lib"
      cp '%s'/*.jar "$home/lib"
      echo built >>'%s'
      """;

  @TempDir Path folder;

  private Path root;
  private Path builds;

  @BeforeEach
  void makeSources() throws Exception {
    root = folder.resolve("sources");
    builds = folder.resolve("builds.txt");
    Path project = Documents.root();
    for (String file : List.of("galerne", ".mvn/jdk.sh", ".mvn/jvm.config", "pom.xml")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.copy(project.resolve(file), root.resolve(file));
    }
    Files.writeString(root.resolve("openapi.yaml"), "openapi: 3.1.0\n");
    for (String module : List.of("protocol", "client", "server", "cli")) {
      Files.createDirectories(root.resolve(module).resolve("src/main/java"));
      Files.writeString(root.resolve(module).resolve("pom.xml"), "<project/>\n");
      Files.writeString(source(root, module), "class A {}\n");
    }
    Path jars = Files.createDirectories(folder.resolve("jars"));
    jar(jars.resolve("galerne-cli.jar"), classes());
    jar(jars.resolve("rocksdbjni-1.jar"), Files.createDirectories(folder.resolve("nothing")));
    Path maven = Files.createDirectories(folder.resolve("bin")).resolve("mvn");
    Files.writeString(maven, MAVEN.formatted(jars, builds));
    assertThat(maven.toFile().setExecutable(true)).isTrue();
  }

  private static Path source(Path root, String module) {
    return root.resolve(module).resolve("src/main/java/A.java");
  }

  private Path classes() throws IOException {
    Path source = Files.writeString(folder.resolve("Galerne.java"), PROGRAM);
    Path classes = folder.resolve("classes");
    int exitCode =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(exitCode).isZero();
    return classes;
  }

  private static void jar(Path jar, Path content) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        Stream<Path> all = Files.walk(content)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(content.relativize(path).toString()));
        Files.copy(path, out);
      }
    }
  }

  private String run(Path from, Map<String, String> environment, String arg) throws Exception {
    return run(environment, "exec \"$0\" \"$1\"", from, arg);
  }

  /// Through a shell, because this JVM may itself be unable to pass on every argument.
  ///
  /// @param script the bash script, with the launcher as `$0` and `arg` as `$1`
  private String run(Map<String, String> environment, String script, Path from, String arg)
      throws Exception {
    Path output = folder.resolve("output.txt");
    Path errors = folder.resolve("errors.txt");
    String launcher = from.resolve("galerne").toString();
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", script, launcher, arg);
    builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG|GALERNE_.*"));
    builder.environment().putAll(environment);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    Process process =
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return Files.readString(output);
  }

  private long builds() throws IOException {
    return Files.readAllLines(builds).size();
  }

  @Test
  void onlyChangedSourcesMakeItBuildAgain() throws Exception {
    assertThat(run(root, Map.of(), "one")).isEqualTo("one\n");
    run(root, Map.of(), "two");
    assertThat(builds()).isEqualTo(1);

    Files.writeString(source(root, "server"), "class A {}\n");
    run(root, Map.of(), "touched");
    assertThat(builds()).isEqualTo(1);

    Files.writeString(source(root, "server"), "class A { }\n");
    run(root, Map.of(), "edited");
    assertThat(builds()).isEqualTo(2);

    Files.delete(source(root, "client"));
    run(root, Map.of(), "deleted");
    assertThat(builds()).isEqualTo(3);
  }

  @Test
  void aCopyOfABuiltFolderRunsAndWritesNothing() throws Exception {
    run(root, Map.of(), "built");
    Path copy = folder.resolve("copy");
    Process cp = new ProcessBuilder("cp", "-r", root.toString(), copy.toString()).start();
    assertThat(cp.waitFor()).isZero();
    // Later than every built file, as if it had been copied last.
    assertThat(source(copy, "cli").toFile().setLastModified(System.currentTimeMillis() + 60_000))
        .isTrue();
    List<String> before = listing(copy);

    assertThat(run(copy, Map.of(), "copied")).isEqualTo("copied\n");

    assertThat(builds()).isEqualTo(1);
    assertThat(listing(copy)).isEqualTo(before);
  }

  private static List<String> listing(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.map(path -> path + " " + path.toFile().lastModified()).sorted().toList();
    }
  }

  /// Otherwise Java would read the next file that it opens, one of its own.
  @Test
  void aClosedStandardInputCannotBeRead() throws Exception {
    assertThat(run(Map.of(), "\"$0\" \"$1\" <&-", root, "read")).isEqualTo("read\ncannot read\n");
    assertThat(run(Map.of(), "echo 7 | \"$0\" \"$1\"", root, "read")).isEqualTo("read\n55\n");
  }

  @Test
  void argumentsAndFileNamesAreUtf8EvenInTheLocaleC() throws Exception {
    // ASCII only: bytes are octal, and only the shell names the folder.
    String file = "\"$1\"/$(printf 'caf\\303\\251')";
    String script = "\"$0\" \"$(printf 'caf\\303\\251')\" " + file + " && rm " + file;
    for (Map<String, String> locale :
        List.of(
            Map.of("LC_ALL", "C"),
            Map.of("LC_ALL", "POSIX", "LANG", "C.UTF-8"),
            Map.of("LANG", "xx_XX.UTF-8"),
            Map.<String, String>of(),
            Map.of("LC_ALL", "C.UTF-8"))) {
      String shown = run(locale, script, root, folder.toString());

      assertThat(shown).as("%s", locale).startsWith("caf\\u00e9\n").endsWith("caf\\u00e9\n");
    }
  }
}
