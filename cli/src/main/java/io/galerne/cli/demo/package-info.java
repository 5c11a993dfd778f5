/// The demo: [io.galerne.cli.demo.Stories] says what the workflows do,
/// [io.galerne.cli.demo.Publisher] tells the server, [io.galerne.cli.demo.Follower] hears of it,
/// [io.galerne.cli.demo.EventPrinter] shows it and [io.galerne.cli.demo.Ledger] compares both
/// sides.
@NullMarked
package io.galerne.cli.demo;

import org.jspecify.annotations.NullMarked;
