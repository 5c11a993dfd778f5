/// Listens to workflow events with Spring: [WorkflowEventListener] on a method. The page
/// `docs/spring-boot.md` has an example and the rules.
@NullMarked
package io.galerne.spring;

import org.jspecify.annotations.NullMarked;
