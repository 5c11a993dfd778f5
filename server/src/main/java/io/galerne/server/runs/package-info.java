/// Answers about runs and executions, derived from events alone: results, traces, custom tasks and
/// metrics (contract, section 8). Independent of HTTP.
@NullMarked
package io.galerne.server.runs;

import org.jspecify.annotations.NullMarked;
