/// What became of runs and executions: answers that are told from events alone (contract, section 8).
/// Knows no HTTP.
@NullMarked
package io.galerne.server.runs;

import org.jspecify.annotations.NullMarked;
