package io.galerne.server.log.runs;

import java.util.List;
import java.util.Optional;

/// A part of a list of runs.
///
/// @param runs in the order of the list; there may be fewer than were asked for, or none, if a search
///     looked at many runs that did not match
/// @param next after which position the list continues; empty if nothing follows
public record RunPage(List<Run> runs, Optional<RunPosition> next) {
  public RunPage {
    runs = List.copyOf(runs);
  }
}
