/// The command that runs a server, [io.galerne.cli.serve.Serve], and its options: a class for each
/// theme, which also knows the settings that it makes.
@NullMarked
package io.galerne.cli.serve;

import org.jspecify.annotations.NullMarked;
