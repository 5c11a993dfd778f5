package io.galerne.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.client.Mistral;
import io.galerne.protocol.StreamEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import reactor.core.publisher.Flux;

/// Follows the page `docs/spring-boot.md` as a reader would.
@Timeout(120)
class DocumentTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+)\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @TempDir Path folder;

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/spring-boot.md"));
  }

  /// The text of the first code block in a language that contains a word.
  private static String block(String language, String word) throws IOException {
    Matcher blocks = BLOCK.matcher(page());
    while (blocks.find()) {
      if (blocks.group(1).equals(language) && blocks.group(2).contains(word)) {
        return blocks.group(2);
      }
    }
    throw new AssertionError("The page has no block of " + language + " with " + word);
  }

  private URLClassLoader compile(String name, String source) throws IOException {
    Path file = folder.resolve(name + ".java");
    Files.writeString(file, source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "--release",
              "17",
              "-proc:none",
              "-cp",
              System.getProperty("java.class.path"),
              "-d",
              folder.toString());
      boolean compiled =
          compiler
              .getTask(errors, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertThat(compiled).as(errors.toString()).isTrue();
    }
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
  }

  @Test
  void theApplicationWritesInvoices() throws Exception {
    Files.writeString(folder.resolve("schema.sql"), block("sql", "invoice"));
    Files.writeString(
        folder.resolve("application.properties"), block("properties", "galerne.server-url"));
    ServerProcess server = ServerProcess.shared();
    server.completed("invoice", "invoice-1");
    try (URLClassLoader loader = compile("Billing", block("java", "@SpringBootApplication"))) {
      SpringApplication application =
          new SpringApplication(
              new DefaultResourceLoader(loader), loader.loadClass("com.example.Billing"));
      try (ConfigurableApplicationContext context =
          application.run("--galerne.server-url=" + server.url(), "--server.port=0")) {
        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
        server.completed("invoice", "invoice-2");
        await()
            .atMost(60, TimeUnit.SECONDS)
            .untilAsserted(() ->
                assertThat(jdbc.queryForList("SELECT execution FROM invoice", String.class))
                    .contains("invoice-1", "invoice-2"));
      }
    }
  }

  @Test
  void thePagesTablesMatchTheCreatedOnes() throws IOException {
    JdbcTemplate written = new JdbcTemplate(H2ListenerTest.memory("written"));
    JdbcTemplate created = new JdbcTemplate(H2ListenerTest.memory("created"));
    written.execute(block("sql", "galerne_lease"));
    ListenerDatabase database =
        new ListenerDatabase(
            created.getDataSource(),
            new DataSourceTransactionManager(created.getDataSource()),
            true);
    database.createTables();

    String columns =
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable"
            + " FROM information_schema.columns WHERE table_name LIKE 'GALERNE%'"
            + " ORDER BY table_name, ordinal_position";
    assertThat(created.queryForList(columns)).hasSize(8).isEqualTo(written.queryForList(columns));
  }

  @Test
  void theStreamBecomesAFlux() throws Exception {
    ServerProcess server = ServerProcess.shared();
    server.started("invoice", "flux-1");
    server.completed("invoice", "flux-1");
    String snippet = block("java", "FlowAdapters");
    String imports =
        snippet.lines().filter(l -> l.startsWith("import ")).collect(Collectors.joining("\n"));
    String statements = snippet.replace(imports, "");
    try (URLClassLoader loader =
        compile(
            "Snippet",
            imports
                + "\npublic class Snippet implements java.util.function.Function<"
                + "io.galerne.client.Mistral, Flux<StreamEvent>> {\n"
                + "public Flux<StreamEvent> apply(io.galerne.client.Mistral mistral) {\n"
                + statements
                + "return events;\n}}\n")) {
      @SuppressWarnings("unchecked")
      Function<Mistral, Flux<StreamEvent>> made =
          (Function<Mistral, Flux<StreamEvent>>)
              loader.loadClass("Snippet").getDeclaredConstructor().newInstance();
      try (Mistral mistral = Mistral.builder().serverUrl(server.url()).build()) {
        List<StreamEvent> events =
            made.apply(mistral).take(2).collectList().block(Duration.ofSeconds(60));
        assertThat(events).hasSize(2);
      }
    }
  }
}
