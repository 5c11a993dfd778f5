package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Parses the bodies of a worker's requests other than events (contract, sections 3 and 9). Skips
/// members that have no effect.
public final class WorkerBody {
  private WorkerBody() {}

  /// A run of an execution.
  public record Run(String execution, String run) {}

  /// A worker's workflows, in the order of its request.
  public record Registration(String deployment, List<Definition> definitions) {
    public Registration {
      definitions = List.copyOf(definitions);
    }
  }

  /// One workflow.
  ///
  /// @param digest differs between different definitions; hexadecimal digits
  public record Definition(String name, String digest) {}

  /// Reads `{"workflow_exec_id", "workflow_run_id", "execution_token"?}`.
  ///
  /// @throws InvalidRequestException with every fault
  public static Run tokenRequest(byte[] body) {
    Map<String, String> found =
        strings(
            body,
            List.of("workflow_exec_id", "workflow_run_id"),
            Map.of("execution_token", WorkerBody::optionalString));
    return new Run(of(found, "workflow_exec_id"), of(found, "workflow_run_id"));
  }

  /// Reads `{"temporal_workflow_id", "temporal_run_id", "workflow_name", "task_queue",
  /// "execution_token_hash", …}`.
  ///
  /// @throws InvalidRequestException with every fault
  public static Run executionRegistration(byte[] body) {
    Map<String, String> found =
        strings(
            body,
            List.of(
                "temporal_workflow_id",
                "temporal_run_id",
                "workflow_name",
                "task_queue",
                "execution_token_hash"),
            Map.of());
    return new Run(of(found, "temporal_workflow_id"), of(found, "temporal_run_id"));
  }

  /// Checks `{"deployment_name", "worker_name", "workflow_registration_refs"?}`.
  ///
  /// @throws InvalidRequestException with every fault
  public static void heartbeat(byte[] body) {
    strings(
        body,
        List.of("deployment_name", "worker_name"),
        Map.of(
            "workflow_registration_refs",
            in -> {
              if (!in.is(JsonToken.NULL) && EventChecker.isArray(in)) {
                in.skip();
              }
            }));
  }

  /// Reads `{"definitions": [{"name", …}…], "deployment_name", "worker_name", …}`.
  ///
  /// @throws InvalidRequestException with every fault
  public static Registration registration(byte[] body) {
    Map<String, String> found = new HashMap<>();
    List<Definition> definitions = new ArrayList<>();
    JsonBody.read(
        body,
        in -> {
          Map<String, Consumer<JsonCursor>> required =
              required(List.of("deployment_name", "worker_name"), found);
          required.put("definitions", at -> definitions(at, definitions));
          members(in, required, Map.of());
        });
    return new Registration(of(found, "deployment_name"), definitions);
  }

  private static void definitions(JsonCursor in, List<Definition> found) {
    if (!EventChecker.isArray(in)) {
      return;
    }
    for (int i = 0; in.nextElement(); i++) {
      in.enter(i);
      if (EventChecker.isObject(in)) {
        int from = in.start();
        Map<String, String> strings = new HashMap<>();
        members(in, required(List.of("name", "task_queue"), strings), Map.of());
        String name = strings.get("name");
        if (name != null) {
          found.add(new Definition(name, digest(in, from, in.end())));
        }
      }
      in.leave();
    }
  }

  /// A digest of the value's tokens, independent of white space and escapes.
  private static String digest(JsonCursor in, int from, int to) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      JsonScanner tokens = new JsonScanner(in.body(), from, to);
      JsonToken token = tokens.next();
      while (token != null) {
        digest.update(token.name().getBytes(UTF_8));
        if (token.isString()) {
          digest.update(tokens.string().getBytes(UTF_8));
          digest.update((byte) 0);
        } else if (token.isScalar()) {
          digest.update(in.body(), tokens.start(), tokens.end() - tokens.start());
          digest.update((byte) 0);
        }
        token = tokens.next();
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java has SHA-256", e);
    }
  }

  private static Map<String, String> strings(
      byte[] body, List<String> required, Map<String, Consumer<JsonCursor>> optional) {
    Map<String, String> found = new HashMap<>();
    JsonBody.read(body, in -> members(in, required(required, found), optional));
    return found;
  }

  /// For each name, a check that its value is a string, which it stores.
  private static Map<String, Consumer<JsonCursor>> required(
      List<String> names, Map<String, String> found) {
    Map<String, Consumer<JsonCursor>> checks = new HashMap<>();
    for (String name : names) {
      checks.put(
          name,
          in -> {
            if (EventChecker.isString(in)) {
              found.put(name, in.string());
            }
          });
    }
    return checks;
  }

  private static void optionalString(JsonCursor in) {
    if (!in.is(JsonToken.NULL)) {
      EventChecker.isString(in);
    }
  }

  private static void members(
      JsonCursor in,
      Map<String, Consumer<JsonCursor>> required,
      Map<String, Consumer<JsonCursor>> optional) {
    int from = in.start();
    Set<String> seen = new HashSet<>();
    while (in.nextMember()) {
      String name = in.name();
      Consumer<JsonCursor> check = required.getOrDefault(name, optional.get(name));
      if (check == null) {
        in.skip();
        continue;
      }
      in.enter(name);
      if (!EventChecker.isRepeated(in, !seen.add(name))) {
        check.accept(in);
      }
      in.leave();
    }
    required.keySet().stream()
        .filter(name -> !seen.contains(name))
        .sorted()
        .forEach(name -> in.missing(name, from, in.end()));
  }

  private static String of(Map<String, String> found, String name) {
    return requireNonNull(found.get(name), name); // a missing one was reported as a fault
  }
}
