package io.galerne.server.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.TreeSet;

/// Finds the operation that a request names.
final class Router {
  /// Stands for the one path that has an id in it.
  static final String EXECUTION_STREAM = "/v1/workflows/executions/{execution_id}/stream";

  private static final String V2 = "/v2/";
  private static final String EXECUTIONS = "/v1/workflows/executions/";
  private static final String STREAM = "/stream";

  private final Map<String, Map<HttpMethod, Operation>> operations;

  /// @param operations by path and method
  Router(Map<String, Map<HttpMethod, Operation>> operations) {
    this.operations = operations;
  }

  /// The operation of that method and path; that of `GET` for a `HEAD`.
  ///
  /// @throws ApiException 404 if the path names nothing; 405 if it takes other methods
  Operation find(HttpMethod method, String path) {
    Map<HttpMethod, Operation> methods = methods(path);
    Operation operation = methods.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    if (operation == null) {
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
    return operation;
  }

  private Map<HttpMethod, Operation> methods(String path) {
    Map<HttpMethod, Operation> methods = operations.get(path);
    if (methods == null && !executionId(path).isEmpty()) {
      methods = operations.get(EXECUTION_STREAM);
    }
    if (methods == null) {
      // to a worker, a code below /v2/ says that the route exists, and it drops its events
      throw new ApiException(
          HttpResponseStatus.NOT_FOUND,
          path.startsWith(V2) ? null : ErrorCode.NOT_FOUND,
          "Nothing is here; GET /openapi.yaml describes what there is");
    }
    return methods;
  }

  /// Whether a path takes any method at all.
  boolean knows(String path) {
    return operations.containsKey(path) || !executionId(path).isEmpty();
  }

  /// The encoded id in a path of the form [#EXECUTION_STREAM]; empty for other paths.
  static String executionId(String path) {
    if (path.startsWith(EXECUTIONS)
        && path.endsWith(STREAM)
        && path.length() > EXECUTIONS.length() + STREAM.length()) {
      String id = path.substring(EXECUTIONS.length(), path.length() - STREAM.length());
      return id.indexOf('/') < 0 ? id : "";
    }
    return "";
  }
}
