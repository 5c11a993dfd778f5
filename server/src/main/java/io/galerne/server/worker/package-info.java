/// What an official worker needs besides a place to publish to (contract, sections 3 and 9). Nothing
/// here is stored: tokens and ids follow from what they stand for, so that every node of a
/// deployment gives the same answers, also after a restart.
@NullMarked
package io.galerne.server.worker;

import org.jspecify.annotations.NullMarked;
