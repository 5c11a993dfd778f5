/// The runs that the events of a log tell of: derived data, which every store keeps beside its index,
/// folds out of each block, and can rebuild from the events at any time (contract, section 8).
@NullMarked
package io.galerne.server.log.runs;

import org.jspecify.annotations.NullMarked;
