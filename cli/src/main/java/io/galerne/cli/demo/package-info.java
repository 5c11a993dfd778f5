/// The demo: [io.galerne.cli.demo.Stories] says what the workflows do,
/// [io.galerne.cli.demo.PacedStage] tells the server, [io.galerne.cli.demo.DemoRun] shows what its
/// stream brings and [io.galerne.cli.demo.Ledger] compares both sides.
@NullMarked
package io.galerne.cli.demo;

import org.jspecify.annotations.NullMarked;
