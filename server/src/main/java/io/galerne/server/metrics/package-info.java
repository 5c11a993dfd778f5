/// Metrics for operators of a running server.
@NullMarked
package io.galerne.server.metrics;

import org.jspecify.annotations.NullMarked;
