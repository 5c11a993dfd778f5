package io.galerne.spring;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.client.stream.StreamListener;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventType;
import io.galerne.protocol.StreamEvent;
import io.galerne.spring.WorkflowEventListener.Start;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/// A method with a [WorkflowEventListener]: the events it accepts, and how to call it. Immutable.
final class ListenerMethod {
  private final Method method;
  private final Supplier<Object> bean;
  private final WorkflowEventListener listener;
  private final UnaryOperator<String> placeholders;
  private final String consumer;
  private final Class<?> eventClass;
  private final Set<EventType> types;

  /// @param bean supplies the bean for each event, so that a lazy bean stays lazy
  /// @param placeholders resolves `${…}` in a text
  /// @throws IllegalStateException if the method's parameters or the consumer's name are invalid
  ListenerMethod(
      Method method,
      Supplier<Object> bean,
      WorkflowEventListener listener,
      UnaryOperator<String> placeholders) {
    this.method = method;
    this.bean = bean;
    this.listener = listener;
    this.placeholders = placeholders;
    this.consumer = placeholders.apply(listener.consumer());
    if (consumer.isEmpty() || consumer.length() > 200) {
      throw new IllegalStateException(
          "The consumer of a @WorkflowEventListener must have 1 to 200 characters, but that of "
              + (this + " is '" + consumer + "'"));
    }
    this.eventClass = eventClass();
    this.types = types();
    ReflectionUtils.makeAccessible(method);
  }

  String consumer() {
    return consumer;
  }

  private Class<?> eventClass() {
    Class<?> event = null;
    boolean whole = false;
    for (Class<?> parameter : method.getParameterTypes()) {
      if (parameter == StreamEvent.class && !whole) {
        whole = true;
      } else if (Event.class.isAssignableFrom(parameter) && event == null) {
        event = parameter;
      } else {
        throw unusable();
      }
    }
    if (event == null && !whole) {
      throw unusable();
    }
    return event == null ? Event.class : event;
  }

  private IllegalStateException unusable() {
    return new IllegalStateException(
        "A @WorkflowEventListener needs a parameter of type Event or a subtype, or a"
            + (" StreamEvent, or one of each, but " + this + " has others"));
  }

  private Set<EventType> types() {
    Set<EventType> chosen = EnumSet.noneOf(EventType.class);
    for (EventType type : listener.eventTypes()) {
      chosen.add(type);
    }
    return chosen.isEmpty() ? typesBelow(eventClass) : chosen;
  }

  /// The event types whose classes are subtypes of a class; all types if some of its events have no
  /// type.
  static Set<EventType> typesBelow(Class<?> eventClass) {
    Set<EventType> types = EnumSet.noneOf(EventType.class);
    return collect(eventClass, types) ? types : EnumSet.allOf(EventType.class);
  }

  private static boolean collect(Class<?> eventClass, Set<EventType> types) {
    Class<?>[] below = eventClass.getPermittedSubclasses();
    if (below == null) {
      Optional<EventType> type = typeOf(eventClass);
      type.ifPresent(types::add);
      return type.isPresent();
    }
    boolean all = true;
    for (Class<?> one : below) {
      all &= collect(one, types);
    }
    return all;
  }

  /// `WorkflowExecutionStarted` is the class of `WORKFLOW_EXECUTION_STARTED`.
  private static Optional<EventType> typeOf(Class<?> record) {
    String words = record.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_");
    return EventType.ofWireName(words.toUpperCase(Locale.ROOT));
  }

  /// The request for the stream of events that the method accepts.
  ///
  /// @param after the consumer's position; null to start where the annotation says
  StreamEventsRequest request(@Nullable Checkpoint after, StreamListener connections) {
    StreamEventsRequest.Builder request =
        StreamEventsRequest.builder()
            .workflowName(placeholders.apply(listener.workflowName()))
            .activityName(placeholders.apply(listener.activityName()))
            .stream(placeholders.apply(listener.stream()))
            .startSeq(listener.startAt() == Start.NEXT ? -1 : 0)
            .resumeAfter(after)
            .listener(connections);
    // Without this filter, events of unknown types are delivered too.
    if (types.size() < EventType.values().length) {
      request.workflowEventTypes(types);
    }
    return request.build();
  }

  /// Whether the method accepts an event. An event without a required attribute is an
  /// [io.galerne.protocol.UnknownEvent].
  boolean accepts(StreamEvent event) {
    return eventClass.isInstance(event.data());
  }

  /// Calls the method.
  ///
  /// @throws Exception if the method throws it
  void call(StreamEvent event) throws Exception {
    Class<?>[] parameters = method.getParameterTypes();
    Object[] arguments = new Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      arguments[i] = parameters[i] == StreamEvent.class ? event : event.data();
    }
    try {
      method.invoke(bean.get(), arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  @Override
  public String toString() {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }
}
