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

/// The request is invalid (status 422). Sending it again fails again.
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
  /// @param loc the path to the fault, such as `query`, `limit`, or `body`, `events`, `3`
  /// @param msg the message, for people
  /// @param type the kind of fault, such as `missing`
  /// @param json the fault's whole JSON
  public record Fault(List<String> loc, String msg, String type, Json json) {
    public Fault {
      loc = List.copyOf(loc);
    }

    /// The path and the message: `query.limit: Input should be …`.
    @Override
    public String toString() {
      return String.join(".", loc) + ": " + msg;
    }
  }

  /// The faults that the server found, in its order; empty if the response does not follow the
  /// contract, in which case [#body()] says more.
  public List<Fault> faults() {
    return faults == null ? List.of() : faults;
  }

  /// Parses the faults in the body of a response.
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
