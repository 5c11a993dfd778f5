package io.galerne.cli.print;

/// What an event changed, in words.
///
/// @param subject what it is about, such as `activity send_email`
/// @param detail what is new about that; may be empty
/// @param grows whether the detail's end says more than its beginning, as in text that is being
///     written
record Change(String subject, String detail, boolean grows) {}
