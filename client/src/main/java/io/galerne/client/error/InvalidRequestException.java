package io.galerne.client.error;

import io.galerne.client.internal.http.Answer;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The request does not have the form that the server requires (status 422). Sending the same again
/// fails again.
public final class InvalidRequestException extends ApiException {
  private static final long serialVersionUID = 1L;

  private static final Json NO_LOC = Json.of("[]");

  private final transient @Nullable List<Fault> faults;

  InvalidRequestException(String message, Answer answer) {
    super(message, answer);
    this.faults = faults(answer.body());
  }

  /// One fault that the server found in a request (contract, section 6).
  ///
  /// @param loc where it is: member by member, such as `query`, `limit`, or `body`, `events`, `3`
  /// @param msg what is wrong there, in words
  /// @param type what is wrong there, as a word such as `missing`
  /// @param json everything that the server said about it
  public record Fault(List<String> loc, String msg, String type, Json json) {
    public Fault {
      loc = List.copyOf(loc);
    }

    /// The place and what is wrong there: `query.limit: Input should be …`.
    @Override
    public String toString() {
      return String.join(".", loc) + ": " + msg;
    }
  }

  /// Every fault that the server found, in its order; none if its answer does not have the form of
  /// the contract, in which case [#body()] says more.
  public List<Fault> faults() {
    return faults == null ? List.of() : faults;
  }

  /// The faults that the body of such an answer lists.
  public static List<Fault> faults(String body) {
    List<Fault> faults = new ArrayList<>();
    try {
      Json detail = Json.of(body).members().getOrDefault("detail", Json.NULL);
      for (Json error : detail.elements()) {
        if (error.text().charAt(0) != '{') {
          return List.of();
        }
        Map<String, Json> fault = error.members();
        List<String> loc = new ArrayList<>();
        for (JsonNode step : fault.getOrDefault("loc", NO_LOC).tree()) {
          loc.add(step.asString(""));
        }
        faults.add(new Fault(loc, string(fault, "msg"), string(fault, "type"), error));
      }
    } catch (MalformedEventException | JacksonException e) {
      return List.of();
    }
    return List.copyOf(faults);
  }

  private static String string(Map<String, Json> members, String name) {
    return members.getOrDefault(name, Json.NULL).tree().asString("");
  }
}
