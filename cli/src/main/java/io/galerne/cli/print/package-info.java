/// Prints events for people: [io.galerne.cli.print.EventPrinter] prints each as a line.
@NullMarked
package io.galerne.cli.print;

import org.jspecify.annotations.NullMarked;
