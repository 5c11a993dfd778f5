package io.galerne.server.http;

import io.galerne.server.access.Right;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The table of routes: finds the route of a method and path. If several path templates match, the
/// first in the table wins. Thread-safe.
public final class Routes {
  /// A 404 with an error code below this path tells a worker that the route exists, and it drops
  /// its events.
  private static final String V2 = "/v2/";

  /// One row of the table.
  ///
  /// @param path a segment in braces, such as `{run_id}`, matches any non-empty segment; a last one
  ///     that ends in dots, such as `{file...}`, matches one or more
  /// @param name the operation's name in metrics
  /// @param right the right its caller needs; empty for none
  public record Route(
      HttpMethod method, String path, String name, Optional<Right> right, Operation operation) {}

  private final Map<String, Map<HttpMethod, Route>> byPath = new LinkedHashMap<>();

  /// Paths with braces, split into segments, in the order of the table.
  private final List<String[]> templates;

  public Routes(List<Route> table) {
    for (Route route : table) {
      byPath.computeIfAbsent(route.path(), path -> new HashMap<>()).put(route.method(), route);
    }
    this.templates =
        byPath.keySet().stream()
            .filter(path -> path.contains("{"))
            .map(path -> path.split("/", -1))
            .toList();
  }

  /// The route of a method and path; `HEAD` uses that of `GET`.
  ///
  /// @throws ApiException 404 if no path matches; 405 if the path has other methods only
  public Route find(HttpMethod method, String path) {
    Map<HttpMethod, Route> methods = methods(path);
    if (methods == null) {
      throw new ApiException(
          HttpResponseStatus.NOT_FOUND,
          path.startsWith(V2) ? null : ErrorCode.NOT_FOUND,
          "There is no such path; GET /openapi.yaml describes the API");
    }
    Route route = methods.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    if (route == null) {
      TreeSet<String> allowed = new TreeSet<>();
      methods.keySet().forEach(known -> allowed.add(known.name()));
      if (methods.containsKey(HttpMethod.GET)) {
        allowed.add(HttpMethod.HEAD.name());
      }
      String allow = String.join(", ", allowed);
      throw new ApiException(
          HttpResponseStatus.METHOD_NOT_ALLOWED,
          ErrorCode.METHOD_NOT_ALLOWED,
          method.name() + " is not allowed here; use " + allow,
          Map.of("Allow", allow));
    }
    return route;
  }

  private @Nullable Map<HttpMethod, Route> methods(String path) {
    Map<HttpMethod, Route> methods = byPath.get(path);
    if (methods != null) {
      return methods;
    }
    String[] parts = path.split("/", -1);
    return templates.stream()
        .filter(template -> fits(parts, template))
        .findFirst()
        .map(template -> byPath.get(String.join("/", template)))
        .orElse(null);
  }

  private static boolean fits(String[] parts, String[] template) {
    boolean open = template[template.length - 1].endsWith("...}");
    boolean fits = open ? parts.length >= template.length : parts.length == template.length;
    for (int i = 0; fits && i < template.length; i++) {
      fits = template[i].startsWith("{") ? !parts[i].isEmpty() : parts[i].equals(template[i]);
    }
    return fits;
  }
}
