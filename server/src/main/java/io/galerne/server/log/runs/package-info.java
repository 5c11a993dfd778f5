/// Workflow runs, derived from the events of a log (contract, section 8). Every store keeps them
/// beside its index, folds each block into them, and can rebuild them from the events at any time.
@NullMarked
package io.galerne.server.log.runs;

import org.jspecify.annotations.NullMarked;
