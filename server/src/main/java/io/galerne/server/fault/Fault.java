package io.galerne.server.fault;

import java.util.List;

/// One thing that is wrong with a request, in FastAPI's terms (contract, section 6).
///
/// @param type machine-readable kind, such as `missing`
/// @param loc where: `body` or `query`, then names and positions
/// @param msg what is wrong and what would be right
/// @param input what stood there, as JSON; as a string if it is long, or JSON that some client could
///     not read
/// @param ctx what the message speaks of, as a JSON object; empty for none
public record Fault(String type, List<Object> loc, String msg, String input, String ctx) {
  public Fault(String type, List<Object> loc, String msg, String input) {
    this(type, loc, msg, input, "");
  }
}
