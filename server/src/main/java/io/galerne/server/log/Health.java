package io.galerne.server.log;

/// Whether a log can accept events.
///
/// @param ready whether it can
/// @param detail if not ready, why and what to do; otherwise empty
public record Health(boolean ready, String detail) {
  public static final Health READY = new Health(true, "");
}
