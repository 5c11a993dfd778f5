/// Spring Boot auto-configuration: a client from properties, listeners, health and metrics.
@NullMarked
package io.galerne.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
