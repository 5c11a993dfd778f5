/// The `galerne` command: [io.galerne.cli.Galerne] puts the program together, and every other class
/// that ends in a command's name is that command.
@NullMarked
package io.galerne.cli;

import org.jspecify.annotations.NullMarked;
