/// The commands that look up runs, on top of the Java client:
/// [io.galerne.cli.runs.ListRuns] and [io.galerne.cli.runs.ShowExecution].
///
/// Each command is a class of options, without a type of the client in its fields and methods, and
/// a class that does the work, as in [io.galerne.cli.events].
@NullMarked
package io.galerne.cli.runs;

import org.jspecify.annotations.NullMarked;
