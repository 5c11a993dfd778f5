package io.galerne.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The console's files by path. The page is at `/`; everything it loads is under a path that
/// contains a version, so browsers may cache it indefinitely. URLs in the page are relative, so it
/// also works behind a proxy that adds a path prefix. Thread-safe.
public final class Console {
  /// The path prefix of the files that the page loads. The version follows it.
  public static final String FILES = "/console/";

  private static final String PAGE = "index.html";

  /// The import map: bare module specifiers and their files.
  private static final Map<String, String> IMPORTS =
      Map.of(
          "lit", "lit/index.js",
          "lit/", "lit/",
          "lit-html", "lit-html/lit-html.js",
          "lit-html/", "lit-html/",
          "lit-element/lit-element.js", "lit-element/lit-element.js",
          "@lit/reactive-element", "lit__reactive-element/reactive-element.js",
          "@lit/reactive-element/", "lit__reactive-element/");

  private static final String VENDOR = "vendor/";

  /// Comments that fill whole lines. Others stay, as they may be part of a string literal.
  private static final Pattern COMMENT =
      Pattern.compile("(?m)^[ \\t]*(?://.*|/\\*\\*(?:(?!\\*/)(?s:.))*+\\*/)[ \\t]*$");

  private static final String START = "app/main.js";

  private static final Pattern IMPORT =
      Pattern.compile(
          "(?m)(?:^|[;}])\\s*(?:import|export)\\s*(?:[^'\"();]*?from\\s*)?['\"]([^'\"]+)['\"]");

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, Asset> assets = new HashMap<>();

  private Console(SortedMap<String, byte[]> files) {
    String base = FILES.substring(1) + version(files);
    files.forEach((name, body) -> {
      if (!name.equals(PAGE)) {
        assets.put("/" + base + "/" + name, file(name, body));
      }
    });
    assets.put("/", page(new String(files.get(PAGE), UTF_8), base, files));
  }

  /// Loads the files from the class path: about 100 KB, in a few milliseconds.
  ///
  /// @throws UncheckedIOException if the files cannot be read
  public static Console load() {
    try {
      return new Console(files());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the console's files", e);
    }
  }

  /// Returns the file at a path; `/` is the page.
  public Optional<Asset> find(String path) {
    return Optional.ofNullable(assets.get(path));
  }

  private static SortedMap<String, byte[]> files() throws IOException {
    URL place = Console.class.getProtectionDomain().getCodeSource().getLocation();
    Path from;
    try {
      from = Path.of(place.toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    if (Files.isDirectory(from)) {
      return files(from);
    }
    try (FileSystem jar = FileSystems.newFileSystem(from)) {
      return files(jar.getPath("/"));
    }
  }

  private static SortedMap<String, byte[]> files(Path root) throws IOException {
    Path web = root.resolve("io/galerne/console/web");
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(web)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        String name = web.relativize(path).toString().replace('\\', '/');
        byte[] body = Files.readAllBytes(path);
        files.put(name, isOurs(name) ? withoutComments(body) : body);
      }
    }
    return files;
  }

  private static boolean isOurs(String name) {
    return name.endsWith(".js") && !name.startsWith(VENDOR);
  }

  /// Removes comments, a fifth of our modules. Line numbers stay the same.
  private static byte[] withoutComments(byte[] source) {
    return COMMENT
        .matcher(new String(source, UTF_8))
        .replaceAll(comment -> comment.group().replaceAll("[^\n]", ""))
        .getBytes(UTF_8);
  }

  private static String version(SortedMap<String, byte[]> files) {
    MessageDigest digest = sha256();
    files.forEach((name, body) -> {
      digest.update(name.getBytes(UTF_8));
      digest.update(body);
    });
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static Asset file(String name, byte[] body) {
    String type = name.substring(name.lastIndexOf('.') + 1);
    return Asset.of(
        CONTENT_TYPES.getOrDefault(type, "application/octet-stream"),
        body,
        etag(body),
        Map.of("Cache-Control", "public, max-age=31536000, immutable"));
  }

  private static Asset page(String template, String base, SortedMap<String, byte[]> files) {
    String imports = imports(base);
    String preload =
        imported(files).stream()
            .map(name -> "<link rel=\"modulepreload\" href=\"" + base + "/" + name + "\">")
            .collect(Collectors.joining("\n    "));
    byte[] body =
        template
            .replace("@importmap@", imports)
            .replace("@preload@", preload)
            .replace("@base@", base)
            .getBytes(UTF_8);
    return Asset.of(
        "text/html; charset=utf-8",
        body,
        etag(body),
        Map.of(
            "Cache-Control", "no-cache",
            "Content-Security-Policy", policy(imports),
            "X-Frame-Options", "DENY",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"));
  }

  /// Returns all modules that the first one imports, directly or indirectly. The page preloads
  /// them, so a browser loads them in parallel.
  private static Set<String> imported(Map<String, byte[]> files) {
    Set<String> seen = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(START));
    while (!open.isEmpty()) {
      String name = open.remove();
      byte[] source = files.get(name);
      if (source != null && seen.add(name)) {
        IMPORT
            .matcher(new String(source, UTF_8))
            .results()
            .forEach(imported -> open.add(resolve(name, imported.group(1))));
      }
    }
    return seen;
  }

  private static String resolve(String importer, String name) {
    if (name.startsWith(".")) {
      return URI.create(importer).resolve(name).getPath();
    } else if (IMPORTS.containsKey(name)) {
      return VENDOR + IMPORTS.get(name);
    }
    String folder =
        name.substring(0, name.indexOf('/', name.startsWith("@") ? name.indexOf('/') + 1 : 0) + 1);
    return VENDOR + IMPORTS.getOrDefault(folder, folder) + name.substring(folder.length());
  }

  private static String imports(String base) {
    return IMPORTS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry ->
            "\"" + entry.getKey() + "\":\"./" + base + "/" + VENDOR + entry.getValue() + "\"")
        .collect(Collectors.joining(",", "{\"imports\":{", "}}"));
  }

  /// Returns the Content-Security-Policy. Only files of this server may be loaded or run. The
  /// import map must be inline and is allowed by its hash. Text reaches the page only through Lit
  /// templates.
  private static String policy(String imports) {
    String hash = Base64.getEncoder().encodeToString(sha256().digest(imports.getBytes(UTF_8)));
    return "default-src 'none'; script-src 'self' 'sha256-"
        + hash
        + "'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none';"
        + " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
        + " trusted-types lit-html galerne-chart";
  }

  private static String etag(byte[] body) {
    return "\"" + HexFormat.of().formatHex(sha256().digest(body), 0, 8) + "\"";
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java has it
    }
  }
}
