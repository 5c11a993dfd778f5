/// The command [io.galerne.cli.demo.Demo]: [io.galerne.cli.demo.DemoRun] publishes each
/// [ScriptedEvent][io.galerne.cli.demo.ScriptedEvent] in time and prints what the server's stream
/// brings; [io.galerne.cli.demo.Ledger] compares both sides.
@NullMarked
package io.galerne.cli.demo;

import org.jspecify.annotations.NullMarked;
