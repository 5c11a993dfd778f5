package io.galerne.spring;

import io.galerne.protocol.EventType;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Calls a method of a bean for each event, in the order of the log (contract, section 4). The
/// method runs in a transaction that also saves the consumer's position: both commit, or neither
/// does.
///
/// ```text
/// @WorkflowEventListener(consumer = "billing", workflowName = "invoice")
/// void completed(WorkflowExecutionCompleted event) { … }
/// ```
///
/// The method has a parameter of type [io.galerne.protocol.Event] or a subtype, of type
/// [io.galerne.protocol.StreamEvent], or one of each. Events of other types are not delivered. Its
/// result is ignored. If it throws, the transaction rolls back and the event is delivered again:
/// see [DeadLetterHandler].
///
/// Strings may contain placeholders, such as `${billing.workflow}`. The position belongs to the
/// consumer's name and stays if the filters change.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface WorkflowEventListener {
  /// The consumer's name, which identifies its position: the same at every start and on every
  /// instance, and unique in the application. 1 to 200 characters. One instance at a time holds it.
  String consumer();

  /// Only events of workflows with this name; all if empty.
  String workflowName() default "";

  /// Only events of activities with this name; all if empty.
  String activityName() default "";

  /// Only events of this stream, such as a type of custom tasks; all if empty.
  String stream() default "";

  /// Only events of these types; if empty, those that the method's parameter accepts.
  EventType[] eventTypes() default {};

  /// Where a consumer without a position starts.
  Start startAt() default Start.OLDEST;

  /// Where a consumer without a position starts.
  enum Start {
    /// With the oldest retained event.
    OLDEST,
    /// With the next event to be published. There is no position until one is delivered: a restart
    /// before that starts with the next event again.
    NEXT
  }
}
