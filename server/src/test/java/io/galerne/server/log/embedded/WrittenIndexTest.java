package io.galerne.server.log.embedded;

/// The same if nearly every commit has its index written to disk at once, so that reads and repeats are
/// served from there.
class WrittenIndexTest extends EmbeddedEventLogTest {
  @Override
  EmbeddedLogs logs() {
    return super.logs().indexBytes(1);
  }
}
