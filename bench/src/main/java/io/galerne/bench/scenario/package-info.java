/// What is measured: one class a scenario, and what they share.
@NullMarked
package io.galerne.bench.scenario;

import org.jspecify.annotations.NullMarked;
