/// The demo: [io.galerne.cli.demo.Stories] holds the workflows, [io.galerne.cli.demo.PacedStage]
/// publishes their events, [io.galerne.cli.demo.DemoRun] prints the server's stream, and
/// [io.galerne.cli.demo.Ledger] compares both.
@NullMarked
package io.galerne.cli.demo;

import org.jspecify.annotations.NullMarked;
