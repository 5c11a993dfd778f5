package io.galerne.server.log.jetstream;

import java.util.stream.LongStream;

/// How much of what there is in a run of sequences.
interface Tally {
  /// How many messages there may be under a key whose events are known one by one: one in a hundred.
  /// Where there are more, it is faster to look at all messages of the run than to ask for each.
  int FEW = Segment.SEQUENCES / 100;

  /// Which run it is.
  long number();

  /// How many messages there are under a key.
  int count(long key);

  /// Where the events under a key begin, ascending; nothing where its messages are more than [#FEW].
  LongStream sequences(long key);
}
