package io.galerne.server.log.runs;

import java.util.List;
import java.util.Optional;

/// A page of a list of runs.
///
/// @param runs in list order; fewer than requested, or none, if a search skipped many runs that did
///     not match
/// @param next the position after which the list continues; empty if nothing follows
public record RunPage(List<Run> runs, Optional<RunPosition> next) {
  public RunPage {
    runs = List.copyOf(runs);
  }
}
