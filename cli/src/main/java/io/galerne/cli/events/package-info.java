/// The commands that talk to a server, on top of the Java client: [io.galerne.cli.events.Tail],
/// [io.galerne.cli.events.ListEvents], [io.galerne.cli.events.Publish],
/// [io.galerne.cli.events.Export] and [io.galerne.cli.events.Import].
///
/// Each command is a class of options, and a run that does the work. The options have no type of
/// the client in their fields and methods, so starting a server does not load the client to parse
/// the command line.
@NullMarked
package io.galerne.cli.events;

import org.jspecify.annotations.NullMarked;
