package io.galerne.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class ConsoleTest {
  private static final Pattern ADDRESS = Pattern.compile("(?:src|href)=\"([^\"]+)\"");
  private static final Pattern IMPORT =
      Pattern.compile("(?:from\\s*|import\\s*\\(?\\s*)['\"]([^'\"]+)['\"]");

  private final Console console = Console.load();

  private String page() {
    return new String(console.find("/").orElseThrow().body(), UTF_8);
  }

  @Test
  void servesEverythingThatThePageReferences() {
    List<String> addresses = matches(ADDRESS, page());

    assertThat(addresses).hasSizeGreaterThan(5);
    assertThat(addresses)
        .allSatisfy(address -> assertThat(console.find("/" + address)).as(address).isPresent());
  }

  @Test
  void servesEverythingThatModulesImport() {
    assertThat(scripts())
        .anySatisfy(path -> assertThat(path).endsWith("/vendor/lit-html/lit-html.js"))
        .anySatisfy(path -> assertThat(path).endsWith("/view/events-view.js"));
  }

  @Test
  void allScriptsTogetherAreSmall() {
    long bytes =
        scripts().stream()
            .mapToLong(path -> console.find(path).orElseThrow().gzipped().length)
            .sum();

    assertThat(bytes + charts()).isLessThan(150_000);
  }

  /// Returns the size of the chart library, a classic script that no module imports.
  private long charts() {
    String base = scripts().iterator().next().replace("app/main.js", "");
    return console
        .find(base + "vendor/uplot/dist/uPlot.iife.min.js")
        .orElseThrow()
        .gzipped()
        .length;
  }

  @Test
  void removesCommentsFromModulesAndKeepsTheirLineNumbers() {
    String start = scripts().iterator().next();
    String served = new String(console.find(start).orElseThrow().body(), UTF_8);

    assertThat(served).doesNotContain("@ts-check").startsWith("\nimport");
  }

  @Test
  void keepsCodeAfterACommentOnTheSameLine() {
    String dialogs =
        scripts().stream().filter(path -> path.endsWith("/dialogs.js")).findFirst().orElseThrow();
    String served = new String(console.find(dialogs).orElseThrow().body(), UTF_8);

    assertThat(served).contains("(this.querySelector('dialog')).close();", "class HelpDialog");
  }

  /// Returns the paths of all modules that the page may load.
  private Set<String> scripts() {
    Set<String> seen = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>();
    matches(ADDRESS, page()).stream()
        .filter(address -> address.endsWith(".js"))
        .forEach(address -> open.add("/" + address));
    while (!open.isEmpty()) {
      String path = open.remove();
      if (seen.add(path)) {
        Asset script = console.find(path).orElseThrow(() -> new AssertionError(path));
        String source =
            new String(script.body(), UTF_8).replaceAll("(?m)^\\s*(//|\\*|/\\*).*$", "");
        matches(IMPORT, source).forEach(name -> open.add(resolve(path, name)));
      }
    }
    return seen;
  }

  /// Resolves a module specifier like a browser: a bare one by the import map.
  private String resolve(String from, String name) {
    if (name.startsWith(".")) {
      return URI.create(from).resolve(name).getPath();
    }
    String imports = matches(Pattern.compile("importmap\">(.*)</script>"), page()).getFirst();
    return "/"
        + matches(Pattern.compile("\"([^\"]+)\":\"\\./([^\"]+)\""), imports, 0).stream()
            .map(entry -> entry.split("\":\"\\./"))
            .map(entry -> new String[] {entry[0].substring(1), entry[1].replace("\"", "")})
            .filter(entry ->
                entry[0].equals(name) || (entry[0].endsWith("/") && name.startsWith(entry[0])))
            .max((a, b) -> Integer.compare(a[0].length(), b[0].length()))
            .map(entry ->
                entry[0].equals(name) ? entry[1] : entry[1] + name.substring(entry[0].length()))
            .orElseThrow(() -> new AssertionError("not in the import map: " + name));
  }

  @Test
  void policyAllowsOnlyTheImportMapInlineByItsHash() throws Exception {
    String imports = matches(Pattern.compile("importmap\">(.*)</script>"), page()).getFirst();
    String hash =
        Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(imports.getBytes(UTF_8)));

    assertThat(console.find("/").orElseThrow().headers().get("Content-Security-Policy"))
        .startsWith("default-src 'none'")
        .contains("'sha256-" + hash + "'", "frame-ancestors 'none'", "connect-src 'self'")
        .doesNotContain("unsafe");
    assertThat(page().split("<script")).hasSize(3);
    assertThat(page()).doesNotContain("<style", " style=", " onload=", "@base@");
  }

  @Test
  void compressedFilesHaveTheSameContent() throws IOException {
    for (String address : matches(ADDRESS, page())) {
      Asset asset = console.find("/" + address).orElseThrow();
      try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(asset.gzipped()))) {
        assertThat(zip.readAllBytes()).isEqualTo(asset.body());
      }
    }
  }

  @Test
  void servesNothingElse() {
    assertThat(console.find("/console/")).isEmpty();
    assertThat(console.find("/index.html")).isEmpty();
    assertThat(console.find("/console/../io/galerne/console/Console.class")).isEmpty();
  }

  private static List<String> matches(Pattern pattern, String text) {
    return matches(pattern, text, 1);
  }

  private static List<String> matches(Pattern pattern, String text, int group) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(group)).toList();
  }
}
