package io.galerne.spring;

import io.galerne.protocol.EventType;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Calls a method of a bean for each event, in the order of the log (contract, section 4). The method
/// runs in a transaction that also saves the consumer's position: both are committed, or neither.
///
/// ```text
/// @WorkflowEventListener(consumer = "billing", workflowName = "invoice")
/// void completed(WorkflowExecutionCompleted event) { … }
/// ```
///
/// The method has a parameter of type [io.galerne.protocol.Event], or one of the types below it, of
/// type [io.galerne.protocol.StreamEvent], or one of each. Events of other types are not delivered.
/// Its result is ignored. If it throws, the transaction is rolled back and the event is delivered
/// again, see [DeadLetterHandler].
///
/// Texts may hold placeholders, such as `${billing.workflow}`. The position belongs to the consumer's
/// name and is kept if the filters change.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface WorkflowEventListener {
  /// The name that the position is kept under: the same at every start and on every instance, and
  /// used once in an application. 1 to 200 characters. Of all instances, one at a time has it.
  String consumer();

  /// Only events of workflows of this name; all if empty.
  String workflowName() default "";

  /// Only events of activities of this name; all if empty.
  String activityName() default "";

  /// Only events of this stream, such as a type of custom tasks; all if empty.
  String stream() default "";

  /// Only events of these types; those that the method's parameter accepts if empty.
  EventType[] eventTypes() default {};

  /// Where a consumer starts that has no position yet.
  Start startAt() default Start.OLDEST;

  /// Where a consumer starts that has no position yet.
  enum Start {
    /// With the oldest event that is retained.
    OLDEST,
    /// With the next event to be published. Until one was delivered there is no position, and a
    /// restart starts with the next event again.
    NEXT
  }
}
