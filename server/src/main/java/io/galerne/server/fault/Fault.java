package io.galerne.server.fault;

import java.util.List;

/// One validation error of a request, in FastAPI's format (contract, section 6).
///
/// @param type machine-readable kind, such as `missing`
/// @param loc location: `body` or `query`, then names and positions
/// @param msg the error and what is expected
/// @param input the invalid value, as JSON; as a string if it is long or some clients could not
///     parse it
/// @param ctx the values in the message, as a JSON object; empty for none
public record Fault(String type, List<Object> loc, String msg, String input, String ctx) {
  public Fault(String type, List<Object> loc, String msg, String input) {
    this(type, loc, msg, input, "");
  }
}
