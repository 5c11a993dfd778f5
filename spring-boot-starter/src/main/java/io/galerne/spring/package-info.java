/// Listens to workflow events with Spring: put [WorkflowEventListener] on a method.
/// `docs/spring-boot.md` has an example and the rules.
@NullMarked
package io.galerne.spring;

import org.jspecify.annotations.NullMarked;
