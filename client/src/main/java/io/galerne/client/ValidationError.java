package io.galerne.client;

import io.galerne.protocol.Json;
import java.util.List;

/// One fault that the server found in a request (contract, section 6).
///
/// @param loc where it is: member by member, such as `query`, `limit`, or `body`, `events`, `3`
/// @param msg what is wrong there, in words
/// @param type what is wrong there, as a word such as `missing`
/// @param json all that the server said of it
public record ValidationError(List<String> loc, String msg, String type, Json json) {
  public ValidationError {
    loc = List.copyOf(loc);
  }

  /// The place and what is wrong there: `query.limit: Input should be …`.
  @Override
  public String toString() {
    return String.join(".", loc) + ": " + msg;
  }
}
