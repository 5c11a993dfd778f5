/// The `galerne` command: [io.galerne.cli.Galerne] assembles the program; a class with a command's
/// name is that command.
@NullMarked
package io.galerne.cli;

import org.jspecify.annotations.NullMarked;
