/// Tokens and ids for official workers (contract, sections 3 and 9). Nothing is stored: both are
/// derived from their inputs, so every node of a deployment gives the same answers, also after a
/// restart.
@NullMarked
package io.galerne.server.worker;

import org.jspecify.annotations.NullMarked;
