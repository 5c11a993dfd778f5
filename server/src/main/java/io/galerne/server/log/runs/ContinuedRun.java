package io.galerne.server.log.runs;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The run that a `WORKFLOW_EXECUTION_STARTED` continues, from its member `continued_run_id`.
/// Official workers publish no `WORKFLOW_EXECUTION_CONTINUED_AS_NEW`, so this member is the only
/// evidence. It also names the run before a retry, which has its own terminal event.
final class ContinuedRun {
  private static final String MEMBER = "continued_run_id";
  private static final JsonFactory JSON = new JsonFactory();

  private ContinuedRun() {}

  /// The id of the continued run; null if there is none.
  static @Nullable String idFrom(EventRecord started) {
    int from = started.offset(Field.DATA);
    try (JsonParser in =
        JSON.createParser(
            ObjectReadContext.empty(), started.bytes(), from, started.length(Field.DATA))) {
      in.nextToken();
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean found = in.currentName().equals(MEMBER);
        if (in.nextToken() == JsonToken.VALUE_STRING && found) {
          return in.getString();
        }
        in.skipChildren();
      }
      return null;
    }
  }
}
