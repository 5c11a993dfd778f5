/// Runs, executions, traces, tasks and metrics: the requests and their results. The calls are in
/// [io.galerne.client.Workflows], [io.galerne.client.Runs] and [io.galerne.client.Executions].
///
/// Most results are compared by identity. To compare what a server has sent, compare their
/// `json()`.
@NullMarked
package io.galerne.client.runs;

import org.jspecify.annotations.NullMarked;
