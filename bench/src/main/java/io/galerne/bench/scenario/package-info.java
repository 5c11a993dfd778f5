/// The scenarios, one class each, and their common parts.
@NullMarked
package io.galerne.bench.scenario;

import org.jspecify.annotations.NullMarked;
