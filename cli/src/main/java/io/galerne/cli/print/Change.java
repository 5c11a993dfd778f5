package io.galerne.cli.print;

/// A description of what an event changed.
///
/// @param subject the thing that changed, such as `activity send_email`
/// @param detail the new value, error or run; may be empty
/// @param grows whether the detail grows at its end, such as text that is being written: its end is
///     shown if there is no room for all of it
record Change(String subject, String detail, boolean grows) {}
