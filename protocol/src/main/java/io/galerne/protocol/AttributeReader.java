package io.galerne.protocol;

import static io.galerne.protocol.Attribute.ACTIVITY_NAME;
import static io.galerne.protocol.Attribute.ATTEMPT;
import static io.galerne.protocol.Attribute.CUSTOM_TASK_ID;
import static io.galerne.protocol.Attribute.CUSTOM_TASK_TYPE;
import static io.galerne.protocol.Attribute.DISPLAY_NAME;
import static io.galerne.protocol.Attribute.INPUT;
import static io.galerne.protocol.Attribute.NEW_EXECUTION_RUN_ID;
import static io.galerne.protocol.Attribute.PAYLOAD;
import static io.galerne.protocol.Attribute.REASON;
import static io.galerne.protocol.Attribute.RESULT;
import static io.galerne.protocol.Attribute.TASK_ID;
import static io.galerne.protocol.Attribute.TIMEOUT_TYPE;
import static io.galerne.protocol.Attribute.WORKFLOW_NAME;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the attributes of one event as they come, and makes the event of them once its type is
/// known: the type may stand behind them. `null` on the wire counts as missing.
final class AttributeReader {
  /// Stands for a value of the wrong type, which only matters where the event's type has it.
  private static final Object WRONG = new Object();

  private final Map<Attribute, Object> values = new EnumMap<>(Attribute.class);

  /// What a type demands is missing, or of the wrong type.
  static final class SchemaMismatch extends Exception {
    private static final long serialVersionUID = 1L;

    private SchemaMismatch() {
      super("The event does not fit the schema of its type", null, false, false);
    }
  }

  /// Reads the attributes, of whatever JSON type they are.
  void read(TokenCursor in) {
    values.clear();
    if (!in.atObject()) {
      in.skip();
      return;
    }
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      Attribute attribute = Attribute.ofWireName(name);
      if (attribute == null) {
        in.skip();
      } else if (in.atNull()) {
        values.remove(attribute);
      } else {
        Object value = read(in, attribute.kind());
        values.put(attribute, value == null ? WRONG : value);
      }
    }
  }

  private static @Nullable Object read(TokenCursor in, Attribute.Kind kind) {
    return switch (kind) {
      case TEXT -> in.string();
      case COUNT -> in.integer();
      case PAYLOAD -> readPayload(in);
      case FAILURE -> readFailure(in);
    };
  }

  static @Nullable Payload readPayload(TokenCursor in) {
    if (!in.atObject()) {
      in.skip();
      return null;
    }
    int from = in.from();
    String type = "json";
    Json value = null;
    boolean maybeOperations = false;
    List<String> encodingOptions = List.of();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "type" -> type = in.string();
        case "value" -> {
          maybeOperations = in.atArray() || in.atString();
          value = in.value();
        }
        case "encoding_options" -> encodingOptions = in.atNull() ? List.of() : in.strings();
        default -> in.skip();
      }
    }
    if (type == null) {
      return null;
    } else if (!type.equals("json") && !type.equals("json_patch")) {
      return new UnknownPayload(type, in.slice(from));
    } else if (value == null || encodingOptions == null) {
      return null;
    } else if (type.equals("json")) {
      return new JsonPayload(value, encodingOptions);
    }
    return maybeOperations ? new JsonPatchPayload(value, encodingOptions) : null;
  }

  static @Nullable Failure readFailure(TokenCursor in) {
    if (!in.atObject()) {
      in.skip();
      return null;
    }
    int from = in.from();
    String message = null;
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (name.equals("message")) {
        message = in.string();
      } else {
        in.skip();
      }
    }
    return message == null ? null : new Failure(message, in.slice(from));
  }

  /// The event of this type.
  ///
  /// @throws SchemaMismatch where the attributes are not those of the type
  Event event(EventType type, EventHeader header, Json json) throws SchemaMismatch {
    return switch (type) {
      case WORKFLOW_EXECUTION_STARTED ->
          new WorkflowExecutionStarted(
              header,
              text(TASK_ID),
              text(WORKFLOW_NAME),
              optionalText(DISPLAY_NAME),
              payload(INPUT),
              attemptOrFirst(),
              json);
      case WORKFLOW_EXECUTION_COMPLETED ->
          new WorkflowExecutionCompleted(
              header, text(TASK_ID), payload(RESULT), attemptOrFirst(), json);
      case WORKFLOW_EXECUTION_FAILED ->
          new WorkflowExecutionFailed(header, text(TASK_ID), failure(), attemptOrFirst(), json);
      case WORKFLOW_EXECUTION_CANCELED ->
          new WorkflowExecutionCanceled(
              header, text(TASK_ID), optionalText(REASON), attemptOrFirst(), json);
      case WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
          new WorkflowExecutionContinuedAsNew(
              header,
              text(TASK_ID),
              text(NEW_EXECUTION_RUN_ID),
              text(WORKFLOW_NAME),
              payload(INPUT),
              json);
      case WORKFLOW_TASK_TIMED_OUT ->
          new WorkflowTaskTimedOut(header, text(TASK_ID), optionalText(TIMEOUT_TYPE), json);
      case WORKFLOW_TASK_FAILED -> new WorkflowTaskFailed(header, text(TASK_ID), failure(), json);
      case CUSTOM_TASK_STARTED ->
          new CustomTaskStarted(
              header, text(CUSTOM_TASK_ID), text(CUSTOM_TASK_TYPE), optionalPayload(PAYLOAD), json);
      case CUSTOM_TASK_IN_PROGRESS ->
          new CustomTaskInProgress(
              header, text(CUSTOM_TASK_ID), text(CUSTOM_TASK_TYPE), payload(PAYLOAD), json);
      case CUSTOM_TASK_COMPLETED ->
          new CustomTaskCompleted(
              header, text(CUSTOM_TASK_ID), text(CUSTOM_TASK_TYPE), payload(PAYLOAD), json);
      case CUSTOM_TASK_FAILED ->
          new CustomTaskFailed(
              header, text(CUSTOM_TASK_ID), text(CUSTOM_TASK_TYPE), failure(), json);
      case CUSTOM_TASK_TIMED_OUT ->
          new CustomTaskTimedOut(
              header,
              text(CUSTOM_TASK_ID),
              text(CUSTOM_TASK_TYPE),
              optionalText(TIMEOUT_TYPE),
              json);
      case CUSTOM_TASK_CANCELED ->
          new CustomTaskCanceled(
              header, text(CUSTOM_TASK_ID), text(CUSTOM_TASK_TYPE), optionalText(REASON), json);
      case ACTIVITY_TASK_STARTED ->
          new ActivityTaskStarted(header, text(TASK_ID), text(ACTIVITY_NAME), payload(INPUT), json);
      case ACTIVITY_TASK_COMPLETED ->
          new ActivityTaskCompleted(
              header, text(TASK_ID), text(ACTIVITY_NAME), payload(RESULT), json);
      case ACTIVITY_TASK_RETRYING ->
          new ActivityTaskRetrying(
              header, text(TASK_ID), text(ACTIVITY_NAME), attempt(), failure(), json);
      case ACTIVITY_TASK_FAILED ->
          new ActivityTaskFailed(
              header, text(TASK_ID), text(ACTIVITY_NAME), attempt(), failure(), json);
    };
  }

  private String text(Attribute attribute) throws SchemaMismatch {
    return required(attribute, String.class);
  }

  private @Nullable String optionalText(Attribute attribute) throws SchemaMismatch {
    return optional(attribute, String.class);
  }

  private Payload payload(Attribute attribute) throws SchemaMismatch {
    return required(attribute, Payload.class);
  }

  private @Nullable Payload optionalPayload(Attribute attribute) throws SchemaMismatch {
    return optional(attribute, Payload.class);
  }

  private Failure failure() throws SchemaMismatch {
    return required(Attribute.FAILURE, Failure.class);
  }

  private int attempt() throws SchemaMismatch {
    long attempt = required(ATTEMPT, Long.class);
    if (attempt != (int) attempt) {
      throw new SchemaMismatch();
    }
    return (int) attempt;
  }

  private int attemptOrFirst() throws SchemaMismatch {
    return values.containsKey(ATTEMPT) ? attempt() : 1;
  }

  private <T> T required(Attribute attribute, Class<T> type) throws SchemaMismatch {
    T value = optional(attribute, type);
    if (value == null) {
      throw new SchemaMismatch();
    }
    return value;
  }

  private <T> @Nullable T optional(Attribute attribute, Class<T> type) throws SchemaMismatch {
    Object value = values.get(attribute);
    if (value == WRONG) {
      throw new SchemaMismatch();
    }
    return type.cast(value);
  }
}
