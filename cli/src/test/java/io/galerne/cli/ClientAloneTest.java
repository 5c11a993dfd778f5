package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.docs.Documents;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// The client's dependencies: two modules, Jackson and JSpecify.
@Timeout(180)
class ClientAloneTest {
  private static final List<String> LIBRARIES =
      List.of("jackson-core-", "jackson-databind-", "jackson-annotations-", "jspecify-");

  private static final String PROGRAM =
      """
      package app;

      import io.galerne.client.Mistral;
      import io.galerne.client.stream.EventStream;
      import io.galerne.protocol.*;
      import java.util.Map;

      public final class Main {
        public static void main(String[] args) {
          try (Mistral mistral = Mistral.builder().serverUrl(args[0]).build()) {
            EventHeader header =
                EventHeader.builder()
                    .workflowExecId("alone-1").workflowRunId("1").workflowName("alone").build();
            mistral.events().sendEvent(
                WorkflowExecutionCompleted.builder().header(header).taskId("1").result(Payload.of(Map.of("ok", true))).build());
            try (EventStream stream = mistral.workflows().executions().stream("alone-1")) {
              stream.forEach(event -> System.out.println(event.data().eventType()));
            }
          }
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void runsAsAModuleWithTheTwoLibrariesOnly() throws Exception {
    List<String> path = clientAndLibraries();
    compile(path, "--module-path", "module app { requires io.galerne.client; }");

    run("--module-path", path, List.of("--module", "app/app.Main"));
  }

  @Test
  void runsOnTheClassPathWithTheTwoLibrariesOnly() throws Exception {
    List<String> path = clientAndLibraries();
    compile(path, "--class-path", "");

    run("--class-path", path, List.of("app.Main"));
  }

  /// Returns the class path entries, folders or jars.
  private static List<String> clientAndLibraries() {
    List<String> all = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    List<String> some = new ArrayList<>(all.stream().filter(ClientAloneTest::isNeeded).toList());
    assertThat(some).hasSize(6);
    return some;
  }

  private static boolean isNeeded(String entry) {
    String name = Path.of(entry).getFileName().toString();
    return LIBRARIES.stream().anyMatch(name::startsWith)
        || entry.matches(".*/(client|protocol)/target/(classes|galerne-[a-z]+-[^/]*\\.jar)");
  }

  private void compile(List<String> path, String option, String moduleInfo) throws IOException {
    List<String> args = new ArrayList<>(List.of("--release", "17", "-d", classes().toString()));
    args.addAll(List.of(option, String.join(File.pathSeparator, path)));
    args.add(Files.writeString(folder.resolve("Main.java"), PROGRAM).toString());
    if (!moduleInfo.isEmpty()) {
      args.add(Files.writeString(folder.resolve("module-info.java"), moduleInfo).toString());
    }
    int exitCode =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, args.toArray(String[]::new));
    assertThat(exitCode).isZero();
  }

  private Path classes() {
    return folder.resolve("classes");
  }

  private void run(String option, List<String> path, List<String> main) throws Exception {
    List<String> whole = new ArrayList<>(path);
    whole.add(classes().toString());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(option, String.join(File.pathSeparator, whole)));
    command.addAll(main);
    Path output = folder.resolve("output.txt");
    try (CommandsServer server = CommandsServer.start(folder.resolve("data"))) {
      command.add(server.url());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(output).content(UTF_8).isEqualTo("WORKFLOW_EXECUTION_COMPLETED\n");
      assertThat(process.exitValue()).isZero();
    }
  }

  @Test
  void requiresNothingElse() {
    assertThat(requiredBy("io.galerne.protocol"))
        .containsExactlyInAnyOrder("java.base", "tools.jackson.core", "tools.jackson.databind");
    assertThat(requiredBy("io.galerne.client"))
        .containsExactlyInAnyOrder("java.base", "java.net.http", "io.galerne.protocol");
  }

  private static Set<String> requiredBy(String module) {
    return descriptor(module).requires().stream()
        .filter(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
        .map(Requires::name)
        .collect(Collectors.toSet());
  }

  private static ModuleDescriptor descriptor(String module) {
    Path[] path = clientAndLibraries().stream().map(Path::of).toArray(Path[]::new);
    return ModuleFinder.of(path).find(module).orElseThrow().descriptor();
  }

  @Test
  void noPackageIsInTwoModules() throws IOException {
    Map<String, Set<String>> owners = new HashMap<>();
    for (String module : List.of("protocol", "client", "server", "cli")) {
      Path sources = Documents.root().resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .map(file -> sources.relativize(file.getParent()).toString())
            .filter(name -> !name.isEmpty())
            .forEach(name -> owners.computeIfAbsent(name, n -> new TreeSet<>()).add(module));
      }
    }
    assertThat(owners).hasSizeGreaterThan(10);
    assertThat(owners.values()).allSatisfy(modules -> assertThat(modules).hasSize(1));
  }

  @Test
  void bringsNothingElseIntoTheCallersBuild() throws Exception {
    assertThat(brought("pom.xml")).containsExactly("jspecify");
    assertThat(brought("protocol/pom.xml")).containsExactly("jackson-databind");
    assertThat(brought("client/pom.xml")).containsExactly("galerne-protocol");
  }

  /// Returns a POM's transitive dependencies: neither optional nor for tests.
  private static List<String> brought(String pom) throws Exception {
    Element project =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Documents.root().resolve(pom).toFile())
            .getDocumentElement();
    return children(project, "dependencies").stream()
        .flatMap(dependencies -> children(dependencies, "dependency").stream())
        .filter(dependency -> !text(dependency, "scope").equals("test"))
        .filter(dependency -> !text(dependency, "optional").equals("true"))
        .map(dependency -> text(dependency, "artifactId"))
        .toList();
  }

  private static List<Element> children(Element parent, String name) {
    NodeList nodes = parent.getChildNodes();
    List<Element> children = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }

  private static String text(Element parent, String name) {
    List<Element> found = children(parent, name);
    return found.isEmpty() ? "" : found.getFirst().getTextContent().strip();
  }
}
