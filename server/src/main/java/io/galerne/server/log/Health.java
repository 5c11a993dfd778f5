package io.galerne.server.log;

/// Whether a log can take events.
///
/// @param ready whether it can
/// @param detail where not: why, and what would help; otherwise empty
public record Health(boolean ready, String detail) {
  public static final Health READY = new Health(true, "");
}
